// A part of the bundle that is loaded with the first document of ours that is opened.
export { describeJob, showItems } from './descriptions.ts';
export { followLog } from './logDocuments.ts';
export { describeQueue } from './queueDescriptions.ts';

import { showEnd, showLiveDocument } from '../../liveDocument.ts';
import { LOG_SCHEME } from '../../logDocuments.ts';
import { type Subject, subjectUri } from '../../subject.ts';

/** Opens a log's document at its end. @param title what its tab says */
export async function openLog(title: string, subject: Subject): Promise<void> {
  showEnd(await showLiveDocument(subjectUri(LOG_SCHEME, title, subject)));
}

/** Every name that package.json and the code share. test/unit/house/contributions.test.ts holds the two against each other. */

export const COMMANDS = {
  startBroker: 'workQueue.startBroker',
  testBroker: 'workQueue.testBroker',
  enterPassword: 'workQueue.enterPassword',
  forgetPassword: 'workQueue.forgetPassword',
  createQueue: 'workQueue.createQueue',
  publishLines: 'workQueue.publishLines',
  publishFile: 'workQueue.publishFile',
  publishClipboard: 'workQueue.publishClipboard',
  resumePublish: 'workQueue.resumePublish',
  undoPublish: 'workQueue.undoPublish',
  peekMessages: 'workQueue.peekMessages',
  saveMessages: 'workQueue.saveMessages',
  moveMessages: 'workQueue.moveMessages',
  copyMessages: 'workQueue.copyMessages',
  returnMessages: 'workQueue.returnMessages',
  purgeQueue: 'workQueue.purgeQueue',
  deleteQueue: 'workQueue.deleteQueue',
  describeQueue: 'workQueue.describeQueue',
  showQueueChart: 'workQueue.showQueueChart',
  filterQueues: 'workQueue.filterQueues',
  sortQueues: 'workQueue.sortQueues',
  refreshQueues: 'workQueue.refreshQueues',
  createWorker: 'workQueue.createWorker',
  buildImage: 'workQueue.buildImage',
  pushImage: 'workQueue.pushImage',
  buildAndPush: 'workQueue.buildAndPush',
  buildAndLoad: 'workQueue.buildAndLoad',
  logIn: 'workQueue.logIn',
  tryWorker: 'workQueue.tryWorker',
  runJob: 'workQueue.runJob',
  publishAndRun: 'workQueue.publishAndRun',
  runRest: 'workQueue.runRest',
  suspendJob: 'workQueue.suspendJob',
  resumeJob: 'workQueue.resumeJob',
  setParallelism: 'workQueue.setParallelism',
  stopJob: 'workQueue.stopJob',
  showDashboard: 'workQueue.showDashboard',
  describeJob: 'workQueue.describeJob',
  deleteJob: 'workQueue.deleteJob',
  mend: 'workQueue.mend',
  replaceJob: 'workQueue.replaceJob',
  setAside: 'workQueue.setAside',
  addMissing: 'workQueue.addMissing',
  copyAckTimeout: 'workQueue.copyAckTimeout',
  exportHistory: 'workQueue.exportHistory',
  showPodLog: 'workQueue.showPodLog',
  filterJobs: 'workQueue.filterJobs',
  chooseNamespaces: 'workQueue.chooseNamespaces',
  showJobLog: 'workQueue.showJobLog',
  showPreviousLog: 'workQueue.showPreviousLog',
  showItems: 'workQueue.showItems',
  saveFailedItems: 'workQueue.saveFailedItems',
  returnFailedItems: 'workQueue.returnFailedItems',
  filterLog: 'workQueue.filterLog',
  saveLog: 'workQueue.saveLog',
  refreshJobs: 'workQueue.refreshJobs',
  chooseContext: 'workQueue.chooseContext',
  chooseNamespace: 'workQueue.chooseNamespace',
  showOutput: 'workQueue.showOutput',
} as const;
export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

/** Webviews that come back with the window. */
export const PAGES = { dashboard: 'workQueue.dashboard' } as const;

export const VIEWS = { queues: 'workQueue.queues', jobs: 'workQueue.jobs' } as const;

export const SETTINGS = {
  broker: 'workQueue.broker',
  brokers: 'workQueue.brokers',
  kubeconfig: 'workQueue.kubeconfig',
  production: 'workQueue.production',
  imageTool: 'workQueue.imageTool',
} as const;

/** `when` clauses of package.json read these. */
export const CONTEXT_KEYS = {
  /** none | untrusted | needs-password | connecting | live | away */
  broker: 'workQueue.brokerState',
  /** none | untrusted | connecting | live | away */
  cluster: 'workQueue.clusterState',
  /** Whether the active editor shows the manifest of a run. */
  manifest: 'workQueue.isManifest',
  /** kind | minikube | k3d when the chosen context is such a cluster, else empty. */
  localCluster: 'workQueue.localCluster',
  /** What the user may do in one of the namespaces shown at least, or what is not known. */
  mayCreateJobs: 'workQueue.may.createJobs',
  mayPatchJobs: 'workQueue.may.patchJobs',
  mayDeleteJobs: 'workQueue.may.deleteJobs',
} as const;

/** Of documents that are not files: a Job’s page, its items, a queue’s page, a log. */
export const SCHEMES = {
  job: 'work-queue',
  items: 'work-queue-items',
  queue: 'work-queue-queue',
  log: 'work-queue-log',
} as const;

export const TASK_TYPE = 'workQueue';

/**
 * `viewItem` of tree rows, for their context menus. A Job's row adds words of its own: active or ended, suspended,
 * failed, queue; a Pod's adds its phase.
 */
export const ROWS = {
  broker: 'broker',
  queue: 'queue',
  namespace: 'namespace',
  job: 'job',
  pods: 'pods',
  pod: 'pod',
  note: 'note',
} as const;

export { apply } from './apply.ts';
export { imageBehind } from './backend.ts';
export { brokerPods } from './brokerPods.ts';
export { type BrokerService, listBrokerServices } from './brokerServices.ts';
export { type Cluster, type ClusterRequest, type OpenOptions, openCluster } from './cluster.ts';
export { type CreateJob, createJob } from './createJob.ts';
export { describeJob, type JobDescription } from './describe.ts';
export { ClusterError, type ClusterErrorCode } from './error.ts';
export { type EventRow, listEvents, podRefusal } from './events.ts';
export { readJobAgain } from './jobAgain.ts';
export { ANNOTATION, type JobRow, toJobRow } from './jobRow.ts';
export { deleteJob, listJobs } from './jobs.ts';
export { type Contexts, kubeconfigFiles, readContexts } from './kubeconfig.ts';
export { type LogOptions, readLog } from './logs.ts';
export { listNamespaces } from './namespaces.ts';
export { listNodes } from './nodes.ts';
export { type JobReference, patchJob } from './patchJob.ts';
export { type PodRow, toPodRow } from './podRow.ts';
export { listPods } from './pods.ts';
export { waitForPodsToEnd } from './podsEnded.ts';
export type { ProbeSecret } from './probe.ts';
export { TEST_LABEL } from './probeJob.ts';
export { lookInRegistry } from './registry.ts';
export { type RightsReview, reviewRights } from './rights.ts';
export {
  type PodCheck,
  type PodCheckResult,
  type RoundTripOptions,
  roundTripFromPod,
  serviceVariable,
} from './roundTrip.ts';
export { readSecret } from './secret.ts';
export { findService } from './service.ts';
export { type StatefulSetProgress, waitForStatefulSet } from './statefulSet.ts';
export { stopJob } from './stopJob.ts';
export { openTunnel, type Tunnel } from './tunnel.ts';
export { type WatchOptions, type WatchState, watch } from './watch.ts';

export { type Broker, connect } from './broker.ts';
export { type BrokerCheck, type BrokerCheckResult, testBroker } from './check.ts';
export type { ConnectOptions } from './connection.ts';
export type { QueueDefinition } from './declare.ts';
export { BrokerError, type BrokerErrorCode, type QueueDifference, type TlsReason } from './error.ts';
export { listQueues, type QueueFigures } from './management.ts';
export type { PublishProgress } from './publication.ts';
export { type PublishOptions, type PublishOutcome, publish } from './publish.ts';
export type { TlsFiles } from './tls.ts';

import type { Publication } from '../../../src/model/publications.ts';

/** Eight lines of a file on their way to job1. */
export const publication = (more: Partial<Publication> = {}): Publication => ({
  runId: 'run1',
  name: 'items.txt',
  source: { kind: 'file', path: '/items.txt', sha256: '00' },
  format: { kind: 'lines' },
  leaveOutDuplicates: false,
  items: 8,
  lastLine: 8,
  place: 'main',
  broker: 'amqp://guest@broker:5672',
  queue: 'job1',
  startedAt: Date.now(),
  process: undefined,
  cancelled: false,
  journal: undefined,
  ...more,
});

/** How a connection to a broker or cluster stands. `since` is milliseconds since the epoch. */
export type LinkState =
  | { kind: 'none' }
  | { kind: 'untrusted' }
  | { kind: 'needs-password' }
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'away'; since: number; error: Error };

/** The workspace is not trusted: a kubeconfig may name programs, and job.yaml hosts, so neither is followed. */
export class UntrustedError extends Error {
  override readonly name = 'UntrustedError';
}

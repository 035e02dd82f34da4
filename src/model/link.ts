/** How a connection to a broker or cluster stands. `since` is milliseconds since the epoch. */
export type LinkState =
  | { kind: 'none' }
  | { kind: 'untrusted' }
  | { kind: 'needs-password' }
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'away'; since: number; error: Error };

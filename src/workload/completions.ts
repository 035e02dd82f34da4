/** What an active Job on the same queue will still take. */
export interface Claim {
  completions: number | undefined;
  succeeded: number;
  active: number;
}

/**
 * How many completions a new run needs: one for each ready message that no active Job on the queue will take.
 *
 * @param input.ready messages ready in the queue
 * @param input.claims the active Jobs on the queue; one without completions takes until the queue is empty
 * @param input.unacked messages held by consumers, when known: active Pods hold at most that many
 */
export function completionsFor(input: { ready: number; claims: Claim[]; unacked?: number | undefined }): {
  completions: number;
  explanation: { ready: number; claimed: number };
} {
  const { ready, claims, unacked } = input;
  let owed = 0;
  let held = 0;
  for (const claim of claims) {
    if (claim.completions === undefined) return { completions: 0, explanation: { ready, claimed: ready } };
    const left = Math.max(0, claim.completions - claim.succeeded);
    owed += left;
    held += Math.min(left, claim.active);
  }
  const claimed = owed - Math.min(held, unacked ?? held);
  return { completions: Math.max(0, ready - claimed), explanation: { ready, claimed } };
}

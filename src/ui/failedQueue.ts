/** The queue for the items of another one that failed. */
export const failedQueueOf = (queue: string): string => `${queue}.failed`;

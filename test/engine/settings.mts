/** Options of a run that many tests share. */

/** All runs of a file share n8n's one binary data service. */
export const FILESYSTEM = { binaryMode: 'filesystem' } as const;

export const ERROR_OUTPUT = { settings: { onError: 'continueErrorOutput' } } as const;

export const CONTINUE = { settings: { onError: 'continueRegularOutput' } } as const;

/** Settings of a node. */
export const RETRY_ON_FAIL = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

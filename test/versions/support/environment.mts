/** With its one connection, n8n 1 mixes up what happens at the same time. */
const ENV: Record<string, NodeJS.ProcessEnv> = { '1.123.81': { DB_SQLITE_POOL_SIZE: '2' } };

/** @param version of n8n @returns what it needs to do several things at once */
export const environmentFor = (version: string): NodeJS.ProcessEnv | undefined => ENV[version];

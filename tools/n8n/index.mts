export { repoDir, runtimeDir } from '../shared/paths.mts';
export { ensureN8n, DEFAULT_VERSION, VERSIONS } from './n8n.mts';
export { ensureNode24 } from './node24.mts';

export type { N8nRuntime } from './n8n.mts';

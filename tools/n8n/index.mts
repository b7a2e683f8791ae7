import { ensureN8n, DEFAULT_VERSION, VERSIONS } from './n8n.mts';
import { ensureNode24 } from './node24.mts';
import { repoDir, runtimeDir } from '../shared/paths.mts';

export { ensureN8n, ensureNode24, DEFAULT_VERSION, VERSIONS, repoDir, runtimeDir };

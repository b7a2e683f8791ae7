const { ensureN8n, DEFAULT_VERSION, VERSIONS } = require('./n8n');
const { ensureNode24 } = require('./node24');
const { repoDir, runtimeDir } = require('./paths');

module.exports = { ensureN8n, ensureNode24, DEFAULT_VERSION, VERSIONS, repoDir, runtimeDir };

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { isAlive } = require('./lock');

/** The owner's process ID stands in the name: what a killed run left behind goes with the next. */
function removeAbandoned(parent) {
	for (const name of fs.readdirSync(parent)) {
		if (!isAlive(Number(name.split('-')[0]))) {
			fs.rmSync(path.join(parent, name), { recursive: true, force: true });
		}
	}
}

/**
 * Makes an empty folder for this process alone, outside of the repository: there, an installed
 * package would find the repository's own node_modules, which users do not have.
 *
 * @param {string} kind groups folders of one purpose
 * @returns {string} its path; a later run removes it once this process has ended
 */
function scratchFolder(kind) {
	const parent = path.join(os.tmpdir(), 'n8n-nodes-apixo', kind);
	fs.mkdirSync(parent, { recursive: true });
	removeAbandoned(parent);
	return fs.mkdtempSync(path.join(parent, `${process.pid}-`));
}

module.exports = { scratchFolder };

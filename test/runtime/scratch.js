const fs = require('node:fs');
const path = require('node:path');
const { isAlive } = require('./lock');
const { runtimeDir } = require('./paths');

/** The owner's process ID stands in the name: what a killed run left behind goes with the next. */
function removeAbandoned(parent) {
	for (const name of fs.readdirSync(parent)) {
		if (!isAlive(Number(name.split('-')[0]))) {
			fs.rmSync(path.join(parent, name), { recursive: true, force: true });
		}
	}
}

/**
 * Makes an empty folder for this process alone.
 *
 * @param {string} kind groups folders of one purpose
 * @returns {string} its path; a later run removes it once this process has ended
 */
function scratchFolder(kind) {
	const parent = path.join(runtimeDir, 'scratch', kind);
	fs.mkdirSync(parent, { recursive: true });
	removeAbandoned(parent);
	return fs.mkdtempSync(path.join(parent, `${process.pid}-`));
}

module.exports = { scratchFolder };

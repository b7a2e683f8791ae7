const fs = require('node:fs');
const path = require('node:path');
const { withLock } = require('../runtime/lock');
const { repoDir } = require('../runtime/paths');
const { run } = require('../runtime/run');

/** npm writes this file last, so it tells when an install was completed. */
const installedLock = path.join(repoDir, 'node_modules', '.package-lock.json');
const wantedLock = path.join(repoDir, 'package-lock.json');

function isUpToDate() {
	if (!fs.existsSync(installedLock)) return false;
	return fs.statSync(installedLock).mtimeMs >= fs.statSync(wantedLock).mtimeMs;
}

/** Installs this repository's own packages unless they are there. Needs nothing but Node and npm. */
async function installPackages() {
	if (isUpToDate()) return;
	await withLock('npm-ci', async () => {
		if (!isUpToDate()) await run('npm', ['ci'], { cwd: repoDir, step: 'Installing packages' });
	});
}

module.exports = { installPackages };

// JavaScript, because it installs what runs TypeScript: it needs nothing but Node itself.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const MIN_NODE_MAJOR = 20;
const WAIT_MS = 200;
/** No install takes that long: whoever left such a lock behind is gone. */
const MAX_LOCK_AGE_MS = 10 * 60_000;

const root = path.join(__dirname, '..');
const lock = path.join(root, '.runtime', 'npm-ci.lock');
const changedAt = (...names) =>
	fs.statSync(path.join(root, ...names), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** npm writes this file last, so it tells when an install was completed. */
const isInstalled = () =>
	changedAt('node_modules', '.package-lock.json') >= changedAt('package-lock.json');

function isHeldByAnother() {
	try {
		fs.mkdirSync(lock, { recursive: false });
		return false;
	} catch (error) {
		if (error.code !== 'EEXIST') throw error;
		if (Date.now() - changedAt('.runtime', 'npm-ci.lock') > MAX_LOCK_AGE_MS) fs.rmdirSync(lock);
		return true;
	}
}

function install() {
	fs.mkdirSync(path.dirname(lock), { recursive: true });
	while (isHeldByAnother()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
	process.on('exit', () => fs.rmdirSync(lock));
	if (isInstalled()) return 0;
	process.stderr.write('Installing packages …\n');
	const isWindows = process.platform === 'win32';
	return (
		spawnSync('npm', ['ci'], { cwd: root, stdio: ['ignore', 2, 2], shell: isWindows }).status ?? 1
	);
}

if (Number(process.versions.node.split('.')[0]) < MIN_NODE_MAJOR) {
	process.stderr.write(`Node ${MIN_NODE_MAJOR} or newer is needed, this is ${process.version}\n`);
	process.exitCode = 1;
} else if (!isInstalled()) {
	process.exitCode = install();
}
// The checks always end with their count.
if (process.exitCode && /^test/.test(process.env.npm_lifecycle_event))
	console.log('0 passed, 1 failed');

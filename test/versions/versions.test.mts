import { VERSIONS } from '../../tools/n8n/index.mts';
import { useStage } from '../support/n8n/scene.mts';
import { CHECKS } from './support/checks.mts';
import { environmentFor } from './support/environment.mts';
import { readTable } from './support/table.mts';

const { versions, rows } = readTable();

/** Tasks take a moment, so that an execution is parked before it is called. */
const SOON = { generationMs: 3_000 };

test('the table of docs/compatibility.md has every version and every check', () => {
	expect([...versions].sort()).toEqual([...VERSIONS].sort());
	expect(rows.map(({ subject }) => subject)).toEqual(Object.keys(CHECKS));
});

describe.each(versions)('n8n %s', (version) => {
	const withScene = useStage({ version, env: environmentFor(version) });
	const column = versions.indexOf(version);
	const expected = rows.map(({ subject, cells }) => [subject, cells[column]]);

	it.concurrent.each(expected)(
		'%s: %s',
		withScene(async (scene, subject, cell) => {
			expect(await CHECKS[subject](scene, version)).toBe(cell);
		}, SOON),
	);
});

import { useStage } from '../../support/n8n/scene.mts';
import { CHECKS } from './checks.mts';
import { environmentFor } from './environment.mts';
import { readTable } from './table.mts';

/** Tasks take a moment, so that an execution is parked before it is called. */
const SOON = { generationMs: 3_000 };

/** Each check on a real n8n of this version has to give what the column of the table says. */
export function checkVersion(version: string): void {
	const { versions, rows } = readTable();
	const column = versions.indexOf(version);
	const expected = rows.map(({ subject, cells }) => [subject, cells[column]]);

	describe(`n8n ${version}`, () => {
		const withScene = useStage({ version, env: environmentFor(version) });

		it.concurrent.each(expected)(
			'%s: %s',
			withScene(async (scene, subject, cell) => {
				expect(await CHECKS[subject](scene, version)).toBe(cell);
			}, SOON),
		);
	});
}

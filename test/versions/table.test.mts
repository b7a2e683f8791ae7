import fs from 'node:fs';
import { VERSIONS } from '../../tools/n8n/index.mts';
import { CHECKS } from './support/checks.mts';
import { readTable } from './support/table.mts';

const { versions, rows } = readTable();

test('the table of docs/compatibility.md has every version and every check', () => {
	expect([...versions].sort()).toEqual([...VERSIONS].sort());
	expect(rows.map(({ subject }) => subject)).toEqual(Object.keys(CHECKS));
});

test('each version has a file of its own, so that two are tried side by side', () => {
	const files = fs.readdirSync(import.meta.dirname);
	for (const version of versions) expect(files).toContain(`n8n-${version}.test.mts`);
});

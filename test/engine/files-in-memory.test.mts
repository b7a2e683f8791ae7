/** An n8n that keeps files in memory. A file of its own: runs at the same time share one storage. */

import { picture } from '../support/files.mts';
import { scene } from '../support/engine/wan.mts';
import { errorText } from './error-text.mts';

test(
	'a file is refused before anything is paid, with the setting that helps',
	scene(async ({ run, apixo }) => {
		const parameters = { mode: 'image-to-video', imageSource: 'binary' };
		const { failure } = await run(parameters, { files: [{ data: picture() }] });
		expect(errorText(failure)).toMatch(/keeps files in memory, where APIXO cannot fetch them/);
		expect(errorText(failure)).toContain('N8N_DEFAULT_BINARY_DATA_MODE');
		expect(apixo.requests({ kind: 'submit' })).toEqual([]);
	}),
);

/*
 * Prints, as Markdown, what the node says about media at addresses, and what the emulator's ledger
 * says: `node --import tsx test/engine/media-table.mts`, after a build.
 */

import { scene } from '../support/engine/wan.mts';
import { MEDIA_CASES } from './media-cases.mts';
import { CONTINUE } from './settings.mts';

async function main() {
	console.log('| the file at the address | what the node says | paid, USD |');
	console.log('| --- | --- | --- |');
	for (const { what, panel } of MEDIA_CASES) {
		await scene(async ({ run, apixo }) => {
			const result = await run({ operation: 'submit', ...panel(apixo.origin) }, CONTINUE);
			const [{ error }] = result.items('Good');
			const hints = result.hints('Tested').map(({ message }) => message);
			const said = [error ?? 'nothing', ...hints.map((hint) => `hint: ${hint}`)].join('; ');
			const usd = apixo.ledger().reduce((sum, charge) => sum + charge.usd, 0);
			console.log(`| ${what} | ${said.replaceAll('|', '\\|')} | ${usd.toFixed(2)} |`);
		})();
	}
}

main().then(() => process.exit(0));

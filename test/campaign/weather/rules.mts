import type { Emulator, Rule } from '../../../emulator/index.mts';
import type { Fate, Stop, Story } from './story.mts';
import { knownTaskId, promptOf } from './workflow.mts';

/** What befalls the task of an item. */
function rulesOf(stop: Stop, index: number, pass: number, item: number): Rule[] {
	const fate = stop.passes[pass].fates[item];
	const match = { promptIncludes: promptOf(index, pass, item) };
	const isLast = item === stop.passes[pass].fates.length - 1;
	const rules: Rule[] = [];
	if (isLast && stop.submitMs > 0) {
		rules.push({ on: 'submit', match, do: { delayMs: stop.submitMs, ...failure(fate) } });
	} else if (fate.fails) rules.push({ on: 'submit', match, do: failure(fate) });
	if (stop.fileMs > 0) rules.push({ on: 'file', match, do: { delayMs: stop.fileMs } });
	const effects = fate.when === 'at once' ? { ...fate.effects, early: true } : fate.effects;
	if (!fate.namesAnother && Object.keys(effects).length > 0) {
		rules.push({ on: 'callback', match, do: effects });
	}
	return rules;
}

const failure = ({ fails }: Fate) =>
	fails ? { fail: { failCode: 'NSFW', failMsg: 'unsafe' } } : {};

/** Makes APIXO treat the tasks of a story as it was drawn. */
export function misbehave(apixo: Emulator, { stops }: Story) {
	for (const [index, stop] of stops.entries()) {
		for (const [pass, { fates }] of stop.passes.entries()) {
			for (const item of fates.keys()) {
				for (const rule of rulesOf(stop, index, pass, item)) apixo.misbehave(rule);
			}
			if (stop.kind === 'wait parked') {
				apixo.addTask({ taskId: knownTaskId(index, pass), state: 'processing' });
			}
		}
	}
}

/*
 * How long it takes from APIXO's callback until the workflow goes on, beside n8n's own Wait node
 * that is resumed in the same way.
 *
 *     node --import tsx test/e2e/measure-resume.mts [rounds, default 50]
 */
import { jsonOf } from '../support/n8n/run.mts';
import { openScene } from '../support/n8n/scene.mts';
import { type Stage, openStage } from '../support/n8n/stage.mts';
import { until } from '../support/n8n/until.mts';
import { code, tell, waitNode } from '../support/n8n/workflows.mts';

/** @returns ms from the callback until the next node has run */
async function roundOfCallbackWait(stage: Stage): Promise<number> {
	const scene = await openScene(stage);
	try {
		const run = await scene.park();
		await run.parked();
		scene.finishAll();
		await run.final();
		const [visit] = scene.visits('good');
		return visit.at - scene.apixo.callbacks()[0].at;
	} finally {
		await scene.apixo.close();
	}
}

/** @returns ms from the call of its resume URL until the next node has run */
async function roundOfWaitNode(stage: Stage): Promise<number> {
	const scene = await openScene(stage);
	try {
		const run = await scene.start([
			scene.startNode(false),
			code('Url', 'return [{ json: { url: $execution.resumeUrl } }];'),
			waitNode({ httpMethod: 'POST' }),
			tell('After', scene.witnessUrl('after')),
		]);
		const [{ url }] = jsonOf(await run.parked(), 'Url');
		const at = Date.now();
		await scene.client.postWebhook(String(url), {});
		await until(() => scene.visits('after').length > 0);
		return scene.visits('after')[0].at - at;
	} finally {
		await scene.apixo.close();
	}
}

/** @param times in ms @returns their median */
function report(name: string, times: number[]): number {
	const sorted = [...times].sort((a, b) => a - b);
	const median = sorted[Math.floor(sorted.length / 2)];
	process.stdout.write(
		`${name}: median ${median} ms, worst ${sorted.at(-1)} ms, of ${times.length}\n`,
	);
	return median;
}

async function main() {
	const rounds = Number(process.argv[2] ?? 50);
	const stage = await openStage();
	try {
		const times: Record<'callbackWait' | 'waitNode', number[]> = { callbackWait: [], waitNode: [] };
		// The first of each warms n8n up.
		for (let round = 0; round <= rounds; round += 1) {
			times.callbackWait.push(await roundOfCallbackWait(stage));
			times.waitNode.push(await roundOfWaitNode(stage));
		}
		const ours = report('Callback wait', times.callbackWait.slice(1));
		const theirs = report("n8n's Wait node", times.waitNode.slice(1));
		process.stdout.write(`n8n's Wait node needs ${Math.round((100 * theirs) / ours)} % of that\n`);
	} finally {
		await stage.close();
	}
}

await main();

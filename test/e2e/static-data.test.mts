/**
 * n8n saves the static data of a workflow whole, as an execution saw it at its start. A node that
 * writes it at the end of a long execution undoes what triggers wrote meanwhile, so ours does not.
 */

import { once } from 'node:events';
import http from 'node:http';
import { originOf } from '../support/origin.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import { listen, submitTo } from '../support/n8n/trigger.mts';
import { chain, code, node, wanVideo } from '../support/n8n/workflows.mts';

const withScene = useStage();

const POLLING = { options: { firstPollDelay: 0, pollInterval: 1 } };

/** A feed to which items are added; the newest first. */
async function startFeed() {
	const titles: string[] = [];
	const server = http.createServer((_request, response) => {
		const items = titles.map(
			(title, day) =>
				`<item><title>${title}</title><guid>${title}</guid>` +
				`<pubDate>${new Date(Date.UTC(2100, 0, day + 1)).toUTCString()}</pubDate></item>`,
		);
		const channel = `<title>Feed</title>${items.reverse().join('')}`;
		response.setHeader('content-type', 'application/rss+xml');
		response.end(`<?xml version="1.0"?><rss version="2.0"><channel>${channel}</channel></rss>`);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `${originOf(server)}/feed`,
		add: (title: string) => titles.push(title),
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

const promptsPaid = ({ apixo }: Scene) => apixo.ledger().map(({ request }) => request.input.prompt);

describe('a trigger whose cursor is kept in the workflow', () => {
	it(
		'of RSS, before Generate: no entry is paid for twice, whichever video is finished first, also after a restart',
		withScene(async (scene) => {
			const { client, apixo, until, taskOf } = scene;
			const feed = await startFeed();
			try {
				const trigger = node('Start', 'rssFeedReadTrigger', {
					parameters: { feedUrl: feed.url, pollTimes: { item: [{ mode: 'everyMinute' }] } },
				});
				const wan = wanVideo(
					{ ...POLLING, prompt: '={{ $json.title }}' },
					{ credentials: scene.credentials },
				);
				const { id } = await client.createWorkflow(chain('Feed', [trigger, wan]));
				const ended = async (count: number) =>
					await until(
						async () =>
							(await client.executions({ workflowId: id })).filter(
								({ status }) => status === 'success',
							).length === count,
					);
				// When it is activated, the trigger looks at once.
				feed.add('one');
				await client.activate(id);
				await until(() => apixo.ledger().length === 1);
				feed.add('two');
				await client.post(`/workflows/${id}/deactivate`);
				await client.activate(id);
				await until(() => apixo.ledger().length === 2);
				apixo.finish(taskOf('two').taskId);
				await ended(1);
				apixo.finish(taskOf('one').taskId);
				await ended(2);

				feed.add('three');
				apixo.setGeneration(0);
				await scene.n8n.restart('SIGKILL');
				await ended(3);
				expect(promptsPaid(scene)).toEqual(['one', 'two', 'three']);
			} finally {
				feed.close();
			}
		}),
	);

	it(
		'of Wan Video, before Generate: each report is handled once, whichever video is finished first, also after a restart',
		withScene(async (scene) => {
			const { apixo, client, taskIds, until } = scene;
			const wan = wanVideo({ ...POLLING, prompt: 'next' }, { credentials: scene.credentials });
			const trigger = await listen(scene, {}, { steps: [wan] });
			for (const count of [1, 2]) {
				await (await submitTo(scene, trigger.url)).final();
				const taskId = taskIds().at(-1) ?? '';
				apixo.finish(taskId);
				// The workflow that the report starts submits one more, which takes its time.
				await until(() => apixo.ledger().length === 2 * count);
			}
			const [, nextToFirst, , nextToSecond] = taskIds();
			apixo.finish(nextToSecond);
			await trigger.runs(1);
			apixo.finish(nextToFirst);
			const executions = await trigger.runs(2);
			expect(executions.map(({ data }) => data.resultData.error?.message)).toEqual([
				undefined,
				undefined,
			]);
			await trigger.remembers(2);
			await scene.n8n.restart('SIGKILL');

			for (const { url, body } of apixo.callbacks()) {
				const answer = await client.postWebhook(url, JSON.parse(body));
				expect(answer).toMatchObject({ status: 200, data: { message: 'Handled before' } });
			}
			expect(await trigger.count()).toBe(2);
			expect(apixo.ledger()).toHaveLength(4);
		}),
	);

	it(
		'of Wan Video, before Generate and a Code node that writes static data: each report is handled once, also after a restart',
		withScene(async (scene) => {
			const { apixo, client, taskIds, until } = scene;
			const wan = wanVideo({ ...POLLING, prompt: 'next' }, { credentials: scene.credentials });
			const writing = code('Write', "$getWorkflowStaticData('global').written = 1; return [];");
			const trigger = await listen(scene, {}, { steps: [wan, writing] });
			for (const count of [1, 2]) {
				await (await submitTo(scene, trigger.url)).final();
				apixo.finish(taskIds().at(-1) ?? '');
				await until(() => apixo.ledger().length === 2 * count);
			}
			// The first execution began before the second report was handled, and ends last.
			const [, nextToFirst, , nextToSecond] = taskIds();
			apixo.finish(nextToSecond);
			await trigger.runs(1);
			apixo.finish(nextToFirst);
			await trigger.runs(2);
			// n8n has what that one saw: nothing.
			await trigger.remembers(0);
			await scene.n8n.restart('SIGKILL');

			for (const { url, body } of apixo.callbacks())
				await client.postWebhook(url, JSON.parse(body));
			await trigger.runs(4);
			expect(await trigger.count()).toBe(4);
			expect(apixo.ledger()).toHaveLength(4);
		}),
	);
});

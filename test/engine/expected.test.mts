/** When a video should be ready: told where the process knows how long similar ones took. */

import { scene } from '../support/engine/wan.mts';
import { byPrompt, prompts } from './batch.mts';

const five = { items: prompts('one', 'two', 'three', 'four', 'five') };

test.concurrent(
	'Submit and parked items tell the expected seconds once five similar videos are finished',
	scene(
		async ({ run }) => {
			expect((await run({ operation: 'submit' })).items('Good')[0]).not.toHaveProperty(
				'expectedSeconds',
			);
			await run(byPrompt, five);
			expect((await run({ operation: 'submit' })).items('Good')).toMatchObject([
				{ expectedSeconds: 1 },
			]);
			const parked = await run({ waitFor: 'parked', options: { firstPollDelay: 62 } });
			expect(parked.items('Tested')).toMatchObject([{ state: 'pending', expectedSeconds: 1 }]);
			// Another duration is another kind.
			const other = await run({ operation: 'submit', duration: 6 });
			expect(other.items('Good')[0]).not.toHaveProperty('expectedSeconds');
		},
		{ generationMs: 900 },
	),
);

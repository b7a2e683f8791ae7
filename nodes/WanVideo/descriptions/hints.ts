import type { INodeTypeDescription, NodeHint } from 'n8n-workflow';
import { modeNames, modeOf, perMode, resolutionsOf } from '../model/modes';
import { secondPricesInWords } from '../model/price';

const modes = modeNames().map(modeOf);

const prices = [...new Set(modes.flatMap(resolutionsOf))]
	.map((resolution) => `${secondPricesInWords(modes, resolution)} in ${resolution}`)
	.join(', ');

const seconds = perMode('seconds', ({ durationSeconds: { min, max } }) => `${min} to ${max}`);

/** What a language model that builds workflows should know before it chooses the node. */
export const builderHint: INodeTypeDescription['builderHint'] = {
	searchHint: `Makes MP4 videos of ${seconds} from a prompt, a prompt and an image, or a prompt and reference images or videos. Costs real money (${prices}) and takes one to several minutes. Each input item becomes one video and all items are submitted together, so pass lists as items instead of looping. Set maxCost in options. The output has the address in videoUrl; switch download on for the file. For many videos set waitFor to parked. To end the workflow at once, use the operation submit with delivery callback, and start a second workflow with the Wan Video Trigger.`,
	relatedNodes: [
		{
			nodeType: 'n8n-nodes-apixo.wanVideoTrigger',
			relationHint:
				'Starts a workflow when a video is finished that the operation submit asked for',
		},
	],
};

/**
 * Said before the first run: a node that runs for minutes looks as if it hung.
 *
 * @param operations those that wait
 */
export const waitingHint = (operations: string[]): NodeHint => ({
	message:
		'A video takes one to several minutes, and ten take about as long as one. The node runs until then',
	type: 'info',
	location: 'outputPane',
	whenToDisplay: 'beforeExecution',
	displayCondition: `={{ ${JSON.stringify(operations)}.includes($parameter["operation"]) }}`,
});

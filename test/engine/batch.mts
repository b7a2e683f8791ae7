/** A batch whose items are told apart by their prompts. */

import type { Emulator, TaskView } from '../../emulator/index.mts';
import type { Scene } from '../support/engine/wan.mts';
import { required } from '../support/required.mts';

export const prompts = (...names: string[]) => names.map((prompt) => ({ prompt }));

/** The node's Prompt for such a batch. */
export const byPrompt = { prompt: '={{ $json.prompt }}' };

/** @throws when no task was submitted with this prompt */
export function taskIdOf(apixo: Emulator, prompt: string): string {
	const task = apixo.tasks().find((one) => one.prompt === prompt);
	return required(task, `task with the prompt "${prompt}"`).taskId;
}

/** Prompts of what was paid for, in order. */
export const paidPrompts = (charged: Scene['charged']) =>
	charged().map(({ input }) => input.prompt);

/** The emulator's `generationMs` for such a batch. */
export const msByPrompt =
	(msOf: Record<string, number>, otherwiseMs: number) =>
	({ prompt = '' }: Pick<TaskView, 'prompt'>) =>
		msOf[prompt] ?? otherwiseMs;

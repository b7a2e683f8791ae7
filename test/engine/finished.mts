import type { Emulator } from '../../emulator/index.mts';

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export const anyTime = expect.stringMatching(ISO_TIME);

/** The item of a task that Get finds finished. */
export function finishedItem({ origin }: Emulator, taskId: string) {
	const videoUrl = `${origin}/files/${taskId}.mp4`;
	return {
		taskId,
		state: 'success',
		videoUrl,
		videoUrls: [videoUrl],
		createdAt: anyTime,
		completedAt: anyTime,
		costTimeMs: expect.any(Number),
	};
}

import fs from 'node:fs';
import path from 'node:path';
import { repoDir } from '../../../tools/shared/paths.mts';
import { isSampleId, sampleId, sampleTask } from '../../../nodes/WanVideo/model/sample.ts';
import { SAMPLE_MP4 } from '../../../nodes/WanVideo/model/sampleFile.ts';

const FILE = 'docs/media/sample.mp4';

test('the file of a sample is the one in the documentation, and some kB', () => {
	expect(SAMPLE_MP4).toEqual(fs.readFileSync(path.join(repoDir, FILE)));
	expect(SAMPLE_MP4.length).toBeLessThan(5_000);
});

test('a sample has the address of that file, which a browser can play', () => {
	const task = sampleTask(sampleId('7', 0, 1), 1_700_000_000_000);
	expect(task.videoUrls).toEqual([expect.stringMatching(new RegExp(`^https://.*/${FILE}$`))]);
});

test('a sample is told from every task of APIXO by its ID', () => {
	expect(isSampleId(sampleId('7', 0, 1))).toBe(true);
	expect(isSampleId('task_12345678')).toBe(false);
});

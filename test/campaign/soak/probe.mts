/*
 * Preloaded into n8n. At SIGUSR2 it collects garbage and writes what this process holds to the file
 * that CAMPAIGN_PROBE_FILE names, with the process's ID behind it.
 */
import fs from 'node:fs';
import v8 from 'node:v8';
import vm from 'node:vm';

export interface ProbeReport {
	/** bytes */
	heapUsed: number;
	/** bytes */
	rss: number;
	timers: number;
}

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc');

process.on('SIGUSR2', () => {
	collectGarbage();
	const { heapUsed, rss } = process.memoryUsage();
	const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
	const report: ProbeReport = { heapUsed, rss, timers };
	const file = `${process.env.CAMPAIGN_PROBE_FILE}-${process.pid}`;
	fs.writeFileSync(`${file}.part`, JSON.stringify(report));
	fs.renameSync(`${file}.part`, file);
});

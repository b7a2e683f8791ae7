/*
 * Preloaded into n8n. At SIGUSR2 it collects garbage and writes the heap that is really in use to
 * the file that BENCH_HEAP_FILE names, with this process's ID behind it.
 */
import fs from 'node:fs';
import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc');

process.on('SIGUSR2', () => {
	collectGarbage();
	const file = `${process.env.BENCH_HEAP_FILE}-${process.pid}`;
	fs.writeFileSync(`${file}.part`, String(process.memoryUsage().heapUsed));
	fs.renameSync(`${file}.part`, file);
});

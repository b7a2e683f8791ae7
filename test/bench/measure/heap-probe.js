'use strict';

/*
 * Preloaded into n8n. At SIGUSR2 it collects garbage and writes the heap that is really in use to
 * the file that BENCH_HEAP_FILE names, with this process's ID behind it.
 */
const fs = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc');

process.on('SIGUSR2', () => {
	collectGarbage();
	const file = `${process.env.BENCH_HEAP_FILE}-${process.pid}`;
	fs.writeFileSync(`${file}.part`, String(process.memoryUsage().heapUsed));
	fs.renameSync(`${file}.part`, file);
});

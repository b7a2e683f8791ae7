/*
 * Preloaded into n8n. File descriptor 3 is a pipe that the process which started n8n holds open:
 * when that process is gone, however it ended, n8n's whole process group goes too.
 */
import net from 'node:net';

const PARENT_PIPE = 3;
const parent = new net.Socket({ fd: PARENT_PIPE, readable: true, writable: false });

parent.on('error', () => {});
parent.on('close', () => process.kill(-process.pid, 'SIGKILL'));
parent.resume();
parent.unref();

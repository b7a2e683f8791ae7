import { once } from 'node:events';
import net from 'node:net';
import { originOf } from '../origin.mts';

export interface Balancer {
	/** without a slash at the end */
	url: string;
	/** of the servers, on loopback */
	setPorts: (ports: number[]) => void;
	close: () => void;
}

/**
 * One address for several servers, as a load balancer in front of webhook processors has it: each
 * connection goes to the next server.
 */
export async function startBalancer(): Promise<Balancer> {
	let targets: number[] = [];
	let turn = 0;
	const connections = new Set<net.Socket>();
	const server = net.createServer((incoming) => {
		const outgoing = net.connect({ port: targets[turn++ % targets.length], host: '127.0.0.1' });
		for (const [socket, other] of [
			[incoming, outgoing],
			[outgoing, incoming],
		]) {
			connections.add(socket);
			socket.pipe(other);
			socket.on('error', () => other.destroy());
			socket.on('close', () => {
				connections.delete(socket);
				other.destroy();
			});
		}
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: originOf(server),
		setPorts(ports) {
			targets = ports;
		},
		close() {
			server.close();
			connections.forEach((socket) => socket.destroy());
		},
	};
}

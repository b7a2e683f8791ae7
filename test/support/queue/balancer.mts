import { once } from 'node:events';
import net from 'node:net';
import { originOf } from '../origin.mts';

export interface Balancer {
	/** without a slash at the end */
	url: string;
	/**
	 * Of the servers, on loopback.
	 *
	 * @param main where what is below `/rest/` goes: webhook processors do not have it
	 */
	setPorts: (ports: number[], main: number) => void;
	close: () => void;
}

/**
 * One address for several servers, as a load balancer in front of webhook processors has it: each
 * connection goes to the next server.
 */
export async function startBalancer(): Promise<Balancer> {
	let targets: number[] = [];
	let mainTarget = 0;
	let turn = 0;
	const connections = new Set<net.Socket>();
	const connect = (incoming: net.Socket, first: Buffer) => {
		const isForMain = /^\w+ \/rest\//.test(first.toString('latin1', 0, 20));
		const port = isForMain ? mainTarget : targets[turn++ % targets.length];
		const outgoing = net.connect({ port, host: '127.0.0.1' });
		outgoing.write(first);
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
	};
	const server = net.createServer((incoming) => {
		incoming.on('error', () => {});
		incoming.once('data', (first) => connect(incoming, first));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: originOf(server),
		setPorts(ports, main) {
			targets = ports;
			mainTarget = main;
		},
		close() {
			server.close();
			connections.forEach((socket) => socket.destroy());
		},
	};
}

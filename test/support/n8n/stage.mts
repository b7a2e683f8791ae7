import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureN8n } from '../../../tools/n8n/index.mts';
import {
	installPackage,
	newUserFolder,
	packPackage,
	startN8n,
} from '../../../tools/n8n/driver/index.mts';
import { clientFor } from './older-client.mts';
import { startWitness } from './witness.mts';
import type { N8nClient, N8nServer } from '../../../tools/n8n/driver/index.mts';
import type { Witness } from './witness.mts';

/** Of the package: makes the token of a callback URL. */
type Signature = Pick<typeof import('../../../nodes/WanVideo/trigger/signature.ts'), 'sign'>;

const SIGNATURE = 'dist/nodes/WanVideo/trigger/signature.js';

/** A real n8n with the package as users have it, its owner logged in, and a witness. */
export interface Server {
	n8n: N8nServer;
	client: N8nClient;
	witness: Witness;
	close: () => Promise<void>;
}

export interface Stage extends Server {
	/** makes the token of a callback URL, as the package does */
	sign: Signature['sign'];
}

export interface StageOptions {
	/** of n8n */
	version?: string;
	/** for n8n */
	env?: NodeJS.ProcessEnv;
	/** where n8n believes it is reached */
	webhookUrl?: string;
}

export async function openServer({ version, ...settings }: StageOptions = {}): Promise<Server> {
	const runtime = await ensureN8n(version);
	const userFolder = await newUserFolder(runtime);
	const tarball = process.env.PACKAGE_UNDER_TEST ?? (await packPackage());
	await installPackage(tarball, userFolder);
	const n8n = await startN8n({ runtime, userFolder, ...settings });
	const client = clientFor(runtime.version, n8n.url);
	await client.setupOwner();
	const witness = await startWitness();
	return {
		n8n,
		client,
		witness,
		async close() {
			await n8n.dispose();
			await witness.close();
		},
	};
}

/** Not while tests run at the same time: Jest then lets nothing be loaded. */
export async function openStage(options?: StageOptions): Promise<Stage> {
	const server = await openServer(options);
	const modules = path.join(server.n8n.userFolder, '.n8n', 'nodes', 'node_modules');
	const signature: Signature = createRequire(import.meta.url)(
		path.join(modules, 'n8n-nodes-apixo', SIGNATURE),
	);
	return { ...server, sign: signature.sign };
}

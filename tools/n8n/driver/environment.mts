import path from 'node:path';
import type { N8nRuntime } from '../n8n.mts';

/** Taken over from our own environment; everything else could change how n8n behaves. */
const INHERITED = [
	'HOME',
	'LANG',
	'NODE_EXTRA_CA_CERTS',
	'SYSTEMROOT',
	'TEMP',
	'TMP',
	'TMPDIR',
	'TZ',
	'USERPROFILE',
	'HTTP_PROXY',
	'HTTPS_PROXY',
	'http_proxy',
	'https_proxy',
];

/** No telemetry, no update checks, nothing that waits for a host outside. */
const QUIET_AND_OFFLINE = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
};

/** The whole environment of one n8n process. */
export function environmentOf({
	runtime,
	userFolder,
	port,
	brokerPort,
	webhookUrl,
	env,
}: {
	runtime: N8nRuntime;
	userFolder: string;
	port: number;
	brokerPort: number;
	/** default: the server's own address */
	webhookUrl?: string;
	/** wins over everything else */
	env?: NodeJS.ProcessEnv;
}): NodeJS.ProcessEnv {
	const isSet = (name: string) => process.env[name] !== undefined;
	const inherited = INHERITED.filter(isSet).map((name) => [name, process.env[name]]);
	return {
		...Object.fromEntries(inherited),
		...QUIET_AND_OFFLINE,
		// n8n 1 has no such module, and does not start for a name that it does not know.
		...(runtime.version.startsWith('1.') ? {} : { N8N_DISABLED_MODULES: 'mcp-registry' }),
		NO_COLOR: '1',
		NO_PROXY: [process.env.NO_PROXY, '127.0.0.1', 'localhost'].filter(Boolean).join(','),
		// n8n starts its task runner as `node`, which has to be the same one.
		PATH: [path.dirname(runtime.nodePath), process.env.PATH].join(path.delimiter),
		NODE_COMPILE_CACHE: path.join(runtime.dir, 'compile-cache'),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_SECURE_COOKIE: 'false',
		N8N_USER_FOLDER: userFolder,
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(port),
		WEBHOOK_URL: webhookUrl ?? `http://127.0.0.1:${port}/`,
		...env,
	};
}

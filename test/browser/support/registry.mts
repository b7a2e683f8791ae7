import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { run } from '../../../tools/shared/run.mts';
import { scratchFolder } from '../../../tools/shared/scratch.mts';
import { originOf } from '../../support/origin.mts';

/** What of a package's manifest a registry needs; it hands on the rest. */
interface Manifest {
	name: string;
	version: string;
}

interface Published {
	/** the tarball */
	file: string;
	manifest: Manifest;
	/** as in a lockfile */
	integrity: string;
}

export interface Registry {
	/** has an `npm` that asks this registry; to come first in the PATH of an n8n */
	npmFolder: string;
	publish: (tarball: string) => Promise<void>;
	close: () => Promise<void>;
}

/**
 * What a registry answers about a package.
 *
 * @param published all its versions
 * @param latest of them
 */
function packumentOf(published: Published[], latest: Published, origin: string): object {
	const versions = published.map(({ manifest, file, integrity }) => [
		manifest.version,
		{ ...manifest, dist: { integrity, tarball: `${origin}/-/${path.basename(file)}` } },
	]);
	return {
		name: latest.manifest.name,
		'dist-tags': { latest: latest.manifest.version },
		versions: Object.fromEntries(versions),
	};
}

/** An `npm` that ignores the registry it is told to use: n8n lets nobody choose another. */
function writeNpm(origin: string): string {
	const folder = scratchFolder('npm');
	const script = `#!/bin/sh
for argument do
	shift
	case "$argument" in --registry=*) ;; *) set -- "$@" "$argument" ;; esac
done
PATH=\${PATH#*:}
exec npm "$@" --registry=${origin} --cache=${path.join(folder, 'cache')}
`;
	fs.writeFileSync(path.join(folder, 'npm'), script, { mode: 0o755 });
	return folder;
}

/** Starts a registry of packages on loopback. */
export async function startRegistry(): Promise<Registry> {
	const published: Published[] = [];
	const server = http.createServer((request, response) => {
		const { pathname } = new URL(request.url ?? '/', origin);
		const tarball = published.find(({ file }) => pathname === `/-/${path.basename(file)}`);
		if (tarball !== undefined) return void response.end(fs.readFileSync(tarball.file));
		const versions = published.filter(({ manifest }) => pathname === `/${manifest.name}`);
		const latest = versions.at(-1);
		const body = latest ? packumentOf(versions, latest, origin) : { error: 'not found' };
		response.writeHead(latest ? 200 : 404, { 'cache-control': 'no-store' });
		response.end(JSON.stringify(body));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const origin = originOf(server);
	return {
		npmFolder: writeNpm(origin),
		async publish(file) {
			const manifest: Manifest = JSON.parse(
				await run('tar', ['-xzOf', file, 'package/package.json']),
			);
			const hash = createHash('sha512').update(fs.readFileSync(file)).digest('base64');
			published.push({ file, manifest, integrity: `sha512-${hash}` });
		},
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

/**
 * @param tarball made by `npm pack`
 * @returns the same package, with another version
 */
export async function withVersion(tarball: string, version: string): Promise<string> {
	const folder = scratchFolder('versions');
	await run('tar', ['-xzf', tarball, '-C', folder]);
	const manifestFile = path.join(folder, 'package', 'package.json');
	const manifest: Manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8'));
	fs.writeFileSync(manifestFile, JSON.stringify({ ...manifest, version }));
	const file = path.join(folder, `${manifest.name}-${version}.tgz`);
	await run('tar', ['-czf', file, '-C', folder, 'package']);
	return file;
}

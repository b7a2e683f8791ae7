import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { run } from '../../../tools/shared/run.mts';
import { scratchFolder } from '../../../tools/shared/scratch.mts';

/** What a registry answers about a package: its versions, the last published one as the latest. */
function packumentOf(published, origin) {
	const { name, version: latest } = published.at(-1).manifest;
	const versions = published.map(({ manifest, file, integrity }) => [
		manifest.version,
		{ ...manifest, dist: { integrity, tarball: `${origin}/-/${path.basename(file)}` } },
	]);
	return { name, 'dist-tags': { latest }, versions: Object.fromEntries(versions) };
}

/** An `npm` that asks this registry, whatever registry it is told: n8n lets nobody choose another. */
function writeNpm(origin) {
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

/**
 * A registry of packages on loopback.
 *
 * @returns `npmFolder` has to come first in the PATH of an n8n
 */
export async function startRegistry(): Promise<{
	npmFolder: string;
	publish: (tarball: string) => Promise<void>;
	close: () => Promise<void>;
}> {
	const published = [];
	const server = http.createServer((request, response) => {
		const { pathname } = new URL(request.url, origin);
		const tarball = published.find(({ file }) => pathname === `/-/${path.basename(file)}`);
		if (tarball !== undefined) return void response.end(fs.readFileSync(tarball.file));
		const isKnown = published.some(({ manifest }) => pathname === `/${manifest.name}`);
		const body = isKnown ? packumentOf(published, origin) : { error: 'not found' };
		response.writeHead(isKnown ? 200 : 404, { 'cache-control': 'no-store' });
		response.end(JSON.stringify(body));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const origin = `http://127.0.0.1:${server.address().port}`;
	return {
		npmFolder: writeNpm(origin),
		async publish(file) {
			const manifest = JSON.parse(await run('tar', ['-xzOf', file, 'package/package.json']));
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
	const manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8'));
	fs.writeFileSync(manifestFile, JSON.stringify({ ...manifest, version }));
	const file = path.join(folder, `${manifest.name}-${version}.tgz`);
	await run('tar', ['-czf', file, '-C', folder, 'package']);
	return file;
}

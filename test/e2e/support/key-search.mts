import fs from 'node:fs';
import path from 'node:path';

/** Base64 of a text inside another depends on where it starts; the ends depend on its neighbours. */
function base64Cores(text: string, encoding: 'base64' | 'base64url'): string[] {
	return [0, 1, 2].map((offset) => {
		const encoded = Buffer.from('x'.repeat(offset) + text).toString(encoding);
		return encoded.replace(/=+$/, '').slice(offset === 0 ? 0 : offset + 1, -1);
	});
}

/** Every spelling in which a secret is looked for. */
export const spellingsOf = (secret: string): Record<string, string[]> => ({
	plain: [secret],
	base64: base64Cores(secret, 'base64'),
	base64url: base64Cores(secret, 'base64url'),
	'in a URL': [encodeURIComponent(secret), encodeURIComponent(encodeURIComponent(secret))],
	'in JSON': [JSON.stringify(secret).slice(1, -1)],
	hexadecimal: [
		Buffer.from(secret).toString('hex'),
		Buffer.from(secret).toString('hex').toUpperCase(),
	],
	reversed: [[...secret].reverse().join('')],
	'in two-byte letters': [Buffer.from(secret, 'utf16le').toString('latin1')],
});

export const filesBelow = (folder: string): string[] =>
	fs
		.readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name));

interface SearchResult {
	/** Spelling and file of each hit. */
	found: string[];
	files: number;
	bytes: number;
}

/** Looks for a secret in all files below a folder. */
export function searchFiles(folder: string, secret: string): SearchResult {
	const spellings = Object.entries(spellingsOf(secret));
	const result: SearchResult = { found: [], files: 0, bytes: 0 };
	for (const file of filesBelow(folder)) {
		const content = fs.readFileSync(file);
		result.files += 1;
		result.bytes += content.length;
		for (const [name, texts] of spellings) {
			if (texts.some((text) => content.includes(Buffer.from(text, 'latin1')))) {
				result.found.push(`${name} in ${path.relative(folder, file)}`);
			}
		}
	}
	return result;
}

/**
 * Runs the scanner that n8n's reviewers run, without network, and prints its findings as JSON.
 * A program of its own, because the scanner is an ES module.
 *
 * Arguments: `sources` or `published`, and the absolute folder of the package.
 */

const [, , kind, folder] = process.argv;

async function scan() {
	const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(
		'@n8n/scan-community-package/scanner/scanner.mjs'
	);
	const patterns = { sources: SOURCE_FILE_PATTERNS, published: ['**/*.js', 'package.json'] };
	const { passed, message, details } = await analyzePackage(folder, patterns[kind]);
	process.stdout.write(JSON.stringify({ passed, message, details }));
}

void scan();

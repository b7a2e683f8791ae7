/**
 * Runs the scanner that n8n's reviewers run, without network, and prints its verdict as JSON.
 * A program of its own, because the scanner is an ES module, which Jest does not load.
 *
 * Arguments: `sources` or `published`, and the absolute folder of the package.
 */

/** What is used of the scanner, which comes without types. */
interface Scanner {
	SOURCE_FILE_PATTERNS: string[];
	analyzePackage: (folder: string, patterns: string[]) => Promise<Verdict>;
}

export interface Verdict {
	passed: boolean;
	message?: string;
	/** of a package that does not pass */
	details?: string;
}

const SCANNER: string = '@n8n/scan-community-package/scanner/scanner.mjs';
const PUBLISHED_FILE_PATTERNS = ['**/*.js', 'package.json'];

const [, , kind, folder] = process.argv;
const { analyzePackage, SOURCE_FILE_PATTERNS }: Scanner = await import(SCANNER);
const patterns = kind === 'published' ? PUBLISHED_FILE_PATTERNS : SOURCE_FILE_PATTERNS;
const { passed, message, details } = await analyzePackage(folder, patterns);
process.stdout.write(JSON.stringify({ passed, message, details }));

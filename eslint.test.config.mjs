// JavaScript, because ESLint loads it as it is.
import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const RULES = {
	eqeqeq: 'error',
	'no-var': 'error',
	'prefer-const': 'error',
};
const UNUSED = ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }];

/** For emulator, tools and tests. The nodes have n8n's own rules: eslint.config.mjs. */
export default tseslint.config(
	{
		files: ['**/*.mts'],
		extends: [js.configs.recommended, tseslint.configs.recommended],
		languageOptions: {
			globals: {
				...globals.nodeBuiltin,
				...globals.jest,
				NodeJS: 'readonly',
				RequestInit: 'readonly',
			},
		},
		rules: {
			...RULES,
			// The compiler knows better, but is not asked as often.
			'no-undef': 'error',
			// Only types that can be erased, so that plain Node can run these files one day.
			'@typescript-eslint/parameter-properties': 'error',
			'no-restricted-syntax': ['error', 'TSEnumDeclaration', 'TSModuleDeclaration[kind!="global"]'],
			'no-restricted-properties': [
				'error',
				{
					object: 'URL',
					property: 'canParse',
					message: 'On Node 20 it refuses URLs such as https://ä.com',
				},
			],
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-unused-vars': UNUSED,
			'@typescript-eslint/ban-ts-comment': [
				'error',
				{ 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true, 'ts-check': true },
			],
		},
	},
	{
		// Some of their functions run in a page.
		files: ['test/browser/**/*.mts', 'tools/editor/**/*.mts', 'tools/screenshots/**/*.mts'],
		languageOptions: { globals: globals.browser },
	},
	{
		files: ['**/*.js'],
		extends: [js.configs.recommended],
		languageOptions: { sourceType: 'commonjs', ecmaVersion: 2023, globals: globals.node },
		rules: { ...RULES, 'no-unused-vars': UNUSED },
	},
);

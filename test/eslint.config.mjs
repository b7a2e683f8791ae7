import js from '@eslint/js';
import globals from 'globals';

export default [
	js.configs.recommended,
	{
		files: ['**/*.js'],
		languageOptions: { sourceType: 'commonjs', ecmaVersion: 2023, globals: globals.node },
		rules: {
			'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			eqeqeq: 'error',
			'no-var': 'error',
			'prefer-const': 'error',
		},
	},
	{
		files: [
			'**/*.test.js',
			'**/jest.setup.js',
			'**/engine/*.js',
			'**/support/*.js',
			'**/slow/*.js',
		],
		languageOptions: { globals: globals.jest },
	},
];

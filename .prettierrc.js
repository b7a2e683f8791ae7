// JavaScript, because n8n looks for it under this name, and Prettier loads it as it is.
module.exports = {
	printWidth: 100,
	singleQuote: true,
	trailingComma: 'all',
	useTabs: true,
};

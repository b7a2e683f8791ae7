const { N8nClient, OWNER, outputItems } = require('./client');
const { newUserFolder } = require('./homes');
const { installPackage, packPackage } = require('./package');
const { startN8n } = require('./server');
const { N8nRequestError } = require('./session');

module.exports = {
	N8nClient,
	N8nRequestError,
	OWNER,
	installPackage,
	newUserFolder,
	outputItems,
	packPackage,
	startN8n,
};

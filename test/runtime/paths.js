const path = require('node:path');

const repoDir = path.resolve(__dirname, '../..');

module.exports = {
	repoDir,
	/** Everything that is installed or made for tests; ignored by git, kept between runs. */
	runtimeDir: path.join(repoDir, '.runtime'),
};

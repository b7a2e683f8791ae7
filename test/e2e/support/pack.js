const { packPackage } = require('../harness');

/** Every test file installs the same package, so that it is built once. One that is given is taken. */
module.exports = async () => {
	process.env.PACKAGE_UNDER_TEST ??= await packPackage();
};

'use strict';

const path = require('node:path');

/**
 * A module of the package as it was built, which is what users get.
 *
 * @param {string} name path under `dist/nodes/WanVideo`
 * @throws {Error} when the package was not built
 */
const built = (name) => require(path.join(__dirname, '../../dist/nodes/WanVideo', name));

module.exports = { built };

'use strict';

const { startEmulator } = require('./emulator');
const { connectEmulator } = require('./client');
const { DEFAULT_KEY } = require('./settings');

module.exports = { startEmulator, connectEmulator, DEFAULT_KEY };

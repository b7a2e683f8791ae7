// JavaScript, because n8n's own Node requires it as it is.
//
// n8n asks for `sqlite3`, which compiles for a minute. This fork of it ships prebuilt binaries.
module.exports = require('@appthreat/sqlite3').default;

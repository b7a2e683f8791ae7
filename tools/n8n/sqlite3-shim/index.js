// n8n asks for `sqlite3`, which compiles for a minute. This fork of it ships prebuilt binaries.
module.exports = require('@appthreat/sqlite3').default;

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What the runs of this process write; nothing goes into the home of the person who starts the tests. */
export const home = fs.mkdtempSync(path.join(os.tmpdir(), 'wan-video-engine-'));

// n8n-core reads its settings when it is first asked for them. So this is a file of its own, imported
// before n8n-core is.
Object.assign(process.env, {
	N8N_USER_FOLDER: home,
	N8N_ENCRYPTION_KEY: 'engine-tests-encryption-key',
	N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
	N8N_LOG_LEVEL: 'silent',
});

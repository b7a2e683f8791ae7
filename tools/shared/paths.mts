import path from 'node:path';

export const repoDir = path.resolve(import.meta.dirname, '../..');

/** Everything that is installed or made for tests; ignored by git, kept between runs. */
export const runtimeDir = path.join(repoDir, '.runtime');

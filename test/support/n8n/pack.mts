import { packPackage } from '../../../tools/n8n/driver/index.mts';

/** Every test file installs the same package, so that it is built once. One that is given is taken. */
export async function packOnce() {
	process.env.PACKAGE_UNDER_TEST ??= await packPackage();
}

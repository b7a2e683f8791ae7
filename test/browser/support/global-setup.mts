import { startWorld } from '../../../tools/editor/world.mts';

declare global {
	/** from the global setup to the global teardown */
	var disposeBrowserWorld: (() => Promise<void>) | undefined;
}

/** Test files share no variables with each other or with this file, but the environment. */
export default async (): Promise<void> => {
	const { world, dispose } = await startWorld();
	process.env.BROWSER_WORLD = JSON.stringify(world);
	globalThis.disposeBrowserWorld = dispose;
};

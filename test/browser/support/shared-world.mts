import { startWorld } from '../../../tools/editor/world.mts';

/** Test files are cut off from each other and from here; what they get is in the environment. */
export async function setUp() {
	const { world, dispose } = await startWorld();
	process.env.BROWSER_WORLD = JSON.stringify(world);
	globalThis.disposeBrowserWorld = dispose;
}

/** Ends what the setup has started, in the same process. */
export const tearDown = async () => await globalThis.disposeBrowserWorld?.();

import { startWorld } from '../../../tools/editor/world.mts';

/** Test files are cut off from each other and from here; what they get is in the environment. */
export default async () => {
	const { world, dispose } = await startWorld();
	process.env.BROWSER_WORLD = JSON.stringify(world);
	globalThis.disposeBrowserWorld = dispose;
};

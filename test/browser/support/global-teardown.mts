import type {} from './global-setup.mts';

export default async (): Promise<void> => await globalThis.disposeBrowserWorld?.();

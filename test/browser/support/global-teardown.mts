export default async () => await globalThis.disposeBrowserWorld?.();

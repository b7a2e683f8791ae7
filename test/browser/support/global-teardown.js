module.exports = async () => await globalThis.disposeBrowserWorld?.();

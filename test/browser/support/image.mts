import type { Locator } from 'playwright-core';

/**
 * The width of an `img` in pixels of its file.
 *
 * @throws when the browser cannot draw it
 */
export async function widthOf(image: Locator): Promise<number> {
	return await image.evaluate(async (img: HTMLImageElement) => {
		await img.decode();
		return img.naturalWidth;
	});
}

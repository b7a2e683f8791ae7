import type { INodeProperties } from 'n8n-workflow';
import { MEDIA_URL_HINT, readOneUrl } from './mediaUrl';
import type { Medium } from './medium';

const imageUrl: INodeProperties = {
	displayName: 'Image URL',
	name: 'imageUrl',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. https://example.com/hero.png',
	description:
		'The image to bring to life: JPEG, PNG without transparency, BMP or WEBP, 240 to 8000 pixels wide and high, up to 20 MB',
	hint: MEDIA_URL_HINT,
};

/** One image that is brought to life. */
export const IMAGE: Medium = {
	fields: [imageUrl],
	read: ({ imageUrl: url }, allowLocal, findings) => ({
		image_urls: readOneUrl(imageUrl.displayName, url, 'image', allowLocal, findings),
	}),
};

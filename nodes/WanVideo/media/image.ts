import type { INodeProperties } from 'n8n-workflow';
import { MEDIA_URL_HINT } from './mediaUrl';
import type { Medium } from './medium';
import { fileNameField, readOneFile, sourceField } from './oneFile';

const source = sourceField('Image From', 'imageSource');

const url: INodeProperties = {
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

const field: INodeProperties = {
	...fileNameField('Input Data Field Name', 'imageBinaryProperty'),
	description:
		'Name of the field of the input item that holds the image: JPEG, PNG without transparency, BMP or WEBP, 240 to 8000 pixels wide and high, up to 20 MB',
};

/** One image that is brought to life. */
export const IMAGE: Medium = {
	fields: [
		source,
		{ ...url, displayOptions: { hide: { imageSource: [{ _cnd: { not: 'url' } }] } } },
		// Where Image From is an expression: not required, since the items may differ.
		{ ...url, required: false, displayOptions: { hide: { imageSource: ['url', 'binary'] } } },
		{ ...field, displayOptions: { hide: { imageSource: ['url'] } } },
	],
	read: (parameters, allowLocal, findings) => ({
		image_urls: readOneFile(
			{ source, url, field, title: 'The image', kind: 'image' },
			parameters,
			allowLocal,
			findings,
		),
	}),
};

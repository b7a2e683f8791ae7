import type { INodeProperties } from 'n8n-workflow';
import { MEDIA_URL_HINT } from './mediaUrl';
import type { Medium } from './medium';
import { fileNameField, readOneFile, sourceField } from './oneFile';

const imageSource = sourceField('Image From', 'imageSource');

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

const imageField: INodeProperties = {
	...fileNameField('Input Data Field Name', 'imageBinaryProperty'),
	description:
		'Name of the field of the input item that holds the image: JPEG, PNG without transparency, BMP or WEBP, 240 to 8000 pixels wide and high, up to 20 MB',
	displayOptions: { hide: { imageSource: ['url'] } },
};

const TO_FILE = `set ${imageSource.displayName} to File, and ${imageField.displayName} to its field`;

/** One image that is brought to life. */
export const IMAGE: Medium = {
	fields: [
		imageSource,
		{ ...imageUrl, displayOptions: { hide: { imageSource: [{ _cnd: { not: 'url' } }] } } },
		// Where Image From is an expression: not required, since the items may differ.
		{ ...imageUrl, required: false, displayOptions: { hide: { imageSource: ['url', 'binary'] } } },
		imageField,
	],
	read({ imageSource: source, imageUrl: url, imageBinaryProperty: field }, allowLocal, findings) {
		const titles = {
			source: imageSource.displayName,
			url: imageUrl.displayName,
			field: imageField.displayName,
		};
		const image = readOneFile(
			{ source, url, field: field ?? imageField.default, titles, fileAdvice: TO_FILE },
			['image'],
			allowLocal,
			findings,
		);
		return { image_urls: image === undefined ? [] : [image.url] };
	},
};

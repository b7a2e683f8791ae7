import type { INodeProperties } from 'n8n-workflow';
import { exceptForTools } from './visibility';

export const downloadField: INodeProperties = exceptForTools({
	displayName: 'Download Video',
	name: 'download',
	type: 'boolean',
	default: false,
	description: 'Whether to put the video file into the output, for nodes that save or send it',
});

export const fieldNameField: INodeProperties = {
	displayName: 'Output Data Field Name',
	name: 'binaryPropertyName',
	type: 'string',
	required: true,
	default: 'data',
	placeholder: 'e.g. data',
	description:
		'Name of the field that the video file is put into. A second video of the same task goes to the name with _1 behind it, and so on.',
	displayOptions: { show: { download: [true] } },
};

export const download: INodeProperties[] = [downloadField, fieldNameField];

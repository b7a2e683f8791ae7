import type { DisplayCondition, INode, INodeProperties } from 'n8n-workflow';
import { CLEARER_VERSION } from '../model/output';
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
};

/** n8n's editor gives every parameter of the old name a second tooltip, about a field of the input. */
const OLD_NAME = fieldNameField.name;
const NEW_NAME = 'outputBinaryProperty';

/** The parameter that a node of this version has. */
export const fieldNameOf = ({ typeVersion }: Pick<INode, 'typeVersion'>): string =>
	typeVersion >= CLEARER_VERSION ? NEW_NAME : OLD_NAME;

const fieldIn = (name: string, since: DisplayCondition): INodeProperties => ({
	...fieldNameField,
	name,
	displayOptions: { show: { download: [true], '@version': [since] } },
});

export const download: INodeProperties[] = [
	downloadField,
	fieldIn(OLD_NAME, { _cnd: { lt: CLEARER_VERSION } }),
	fieldIn(NEW_NAME, { _cnd: { gte: CLEARER_VERSION } }),
];

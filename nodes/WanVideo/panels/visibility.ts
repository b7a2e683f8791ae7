import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { MODE_NAMES, type ModeName } from '../wan/modes';

/** Adds conditions to each of the properties; those that a property has of its own stay. */
export const shownFor = (
	show: NonNullable<IDisplayOptions['show']>,
	properties: INodeProperties[],
): INodeProperties[] =>
	properties.map((property) => ({
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { ...show, ...property.displayOptions?.show },
		},
	}));

/** Matches a Mode that is given by an expression: its value is not known in the panel. */
const EXPRESSION = { _cnd: { startsWith: '=' } };

const hiddenIn = (property: INodeProperties, modes: ModeName[], inExpression: boolean) => ({
	...property,
	displayOptions: {
		...property.displayOptions,
		hide: {
			...property.displayOptions?.hide,
			mode: inExpression ? [...modes, EXPRESSION] : modes,
		},
	},
});

const allBut = (modes: ModeName[]) => MODE_NAMES.filter((mode) => !modes.includes(mode));

/**
 * A property that only some modes have. Where Mode is an expression it is shown as well, but
 * cannot be required, since the items may differ.
 */
export const onlyIn = (modes: ModeName[], property: INodeProperties): INodeProperties[] =>
	property.required
		? [
				hiddenIn(property, allBut(modes), true),
				hiddenIn({ ...property, required: false }, MODE_NAMES, false),
			]
		: [hiddenIn(property, allBut(modes), false)];

/**
 * A property that all modes have, some of them in a variant (another default, another range).
 * Where Mode is an expression, the common form is shown.
 */
export const variantIn = (
	modes: ModeName[],
	variant: Partial<INodeProperties>,
	property: INodeProperties,
): INodeProperties[] => [
	hiddenIn(property, modes, false),
	hiddenIn({ ...property, ...variant }, allBut(modes), true),
];

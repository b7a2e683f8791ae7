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

/** Shown whatever Mode is, unless it is one of these. */
const hiddenIn = (modes: ModeName[], property: INodeProperties): INodeProperties => ({
	...property,
	displayOptions: {
		...property.displayOptions,
		hide: { ...property.displayOptions?.hide, mode: modes },
	},
});

/**
 * To hide what only one mode has, so that each such mode needs a definition of its own. No other
 * condition holds for all that Mode may be: an expression is text that begins with "=" when the
 * node runs, but in the editor its value, or nothing where that is not known yet.
 */
export const isNot = (mode: ModeName) => ({ _cnd: { not: mode } });

const shownIn = (modes: ModeName[], property: INodeProperties): INodeProperties[] =>
	modes.map((mode) => ({
		...property,
		displayOptions: {
			...property.displayOptions,
			hide: { ...property.displayOptions?.hide, mode: [isNot(mode)] },
		},
	}));

const optional = (property: INodeProperties): INodeProperties => ({
	...property,
	required: false,
	typeOptions: { ...property.typeOptions, minRequiredFields: undefined },
});

const allBut = (modes: ModeName[]) => MODE_NAMES.filter((mode) => !modes.includes(mode));

/**
 * A property that only some modes have. Where Mode is an expression it is shown as well, but
 * cannot be required, since the items may differ.
 */
export const onlyIn = (modes: ModeName[], property: INodeProperties): INodeProperties[] =>
	property.required
		? [...shownIn(modes, property), hiddenIn(MODE_NAMES, optional(property))]
		: [hiddenIn(allBut(modes), property)];

/**
 * A property that all modes have, some of them in a variant (another default, another range).
 * Where Mode is an expression, the common form is shown.
 */
export const variantIn = (
	modes: ModeName[],
	variant: Partial<INodeProperties>,
	property: INodeProperties,
): INodeProperties[] => [hiddenIn(modes, property), ...shownIn(modes, { ...property, ...variant })];

import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { type Mode, type ModeName, modeGroups, modeNames, modesWhere } from '../model/modes';

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

type Conditions = NonNullable<NonNullable<IDisplayOptions['hide']>[string]>;

/** Shown whatever a parameter is, unless one of the conditions holds; those of its own stay. */
export function hiddenWhere(
	parameter: string,
	conditions: Conditions,
	property: INodeProperties,
): INodeProperties {
	if (conditions.length === 0) return property;
	const hide = { ...property.displayOptions?.hide, [parameter]: conditions };
	return { ...property, displayOptions: { ...property.displayOptions, hide } };
}

/** Hidden where an AI agent calls the node, which ignores it then. An n8n that does not know the condition shows it. */
export const exceptForTools = (property: INodeProperties): INodeProperties =>
	hiddenWhere('@tool', [true], property);

/** Shown whatever Mode is, unless it is one of these. */
const hiddenIn = (modes: ModeName[], property: INodeProperties): INodeProperties =>
	hiddenWhere('mode', modes, property);

/**
 * To hide what only one value of a parameter has, such as one mode, so that each such value needs a
 * definition of its own. No other condition holds for all that the parameter may be: an expression
 * is text that begins with "=" when the node runs, but in the editor its value, or nothing where
 * that is not known yet.
 */
export const isNot = (value: string) => ({ _cnd: { not: value } });

const shownIn = (modes: ModeName[], property: INodeProperties): INodeProperties[] =>
	modes.map((mode) => hiddenWhere('mode', [isNot(mode)], property));

export const optional = (property: INodeProperties): INodeProperties => ({
	...property,
	required: false,
	typeOptions: { ...property.typeOptions, minRequiredFields: undefined },
});

/**
 * A property that only some modes have. Where Mode is an expression it is shown as well, but
 * cannot be required, since the items may differ.
 */
export function onlyIn(
	condition: (mode: Mode) => boolean,
	property: INodeProperties,
): INodeProperties[] {
	const modes = modesWhere(condition);
	const others = modesWhere((mode) => !condition(mode));
	return property.required
		? [...shownIn(modes, property), hiddenIn(modeNames(), optional(property))]
		: [hiddenIn(others, property)];
}

/**
 * A property that all modes have, in variants (another default, another range).
 *
 * @param inExpression how the property differs where Mode is an expression, from the variant that
 * most modes have: it must allow what any mode does
 */
export function variedByMode(
	property: INodeProperties,
	variantOf: (mode: Mode) => Partial<INodeProperties>,
	inExpression: Partial<INodeProperties> = {},
): INodeProperties[] {
	const groups = modeGroups(variantOf);
	return [
		hiddenIn(modeNames(), { ...property, ...groups[0].value, ...inExpression }),
		...groups.flatMap(({ value, modes }) => shownIn(modes, { ...property, ...value })),
	];
}

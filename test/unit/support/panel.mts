import {
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeTypeDescription,
	NodeHelpers,
} from 'n8n-workflow';
import { NODE } from './contexts.mts';
import { required } from '../../support/required.mts';

type Version = Pick<INode, 'typeVersion'>;

/** A node's panel as n8n itself sees it. */
export class Panel {
	private readonly description: INodeTypeDescription;

	private readonly version: Version;

	constructor(description: INodeTypeDescription, version: Version = { typeVersion: 1 }) {
		this.description = description;
		this.version = version;
	}

	/** What the panel holds for these values: with its defaults, and only what is shown. */
	parameters(values: INodeParameters): INodeParameters {
		const { description, version } = this;
		// A notice holds nothing, but n8n gives it a default.
		const properties = description.properties.filter(({ type }) => type !== 'notice');
		return required(
			NodeHelpers.getNodeParameters(properties, values, true, false, version, description),
			'panel',
		);
	}

	/** The fields that are shown for these values. */
	fields(values: INodeParameters): INodeProperties[] {
		const parameters = this.parameters(values);
		return this.description.properties.filter((property) =>
			NodeHelpers.displayParameter(parameters, property, this.version, this.description),
		);
	}

	/** The one field of this name that is shown. @throws if there is none, or more than one */
	field(values: INodeParameters, name: string): INodeProperties {
		const [field, ...others] = this.fields(values).filter((one) => one.name === name);
		if (others.length > 0) throw new Error(`There are ${others.length + 1} fields ${name}`);
		return required(field, `field ${name}`);
	}

	/** The names of the entries that a collection offers, sorted. */
	offered(values: INodeParameters, collection: string): string[] {
		const parameters = this.parameters(values);
		return fieldsOf(this.field(values, collection))
			.filter((option) =>
				NodeHelpers.displayParameterPath(
					{ parameters },
					option,
					`parameters.${collection}`,
					this.version,
					this.description,
				),
			)
			.map(({ name }) => name)
			.sort();
	}

	/** The names of required fields that are empty, sorted. */
	missing(values: INodeParameters): string[] {
		const node = { ...NODE, ...this.version, parameters: this.parameters(values) };
		const { description } = this;
		const issues = NodeHelpers.getNodeParametersIssues(description.properties, node, description);
		return Object.keys(issues?.parameters ?? {}).sort();
	}
}

/** The entries of a collection. */
export const fieldsOf = ({ options = [] }: INodeProperties): INodeProperties[] =>
	options.filter((option): option is INodeProperties => 'type' in option);

/** The entries of a list. */
export const choicesOf = ({ options = [] }: INodeProperties): INodePropertyOptions[] =>
	options.filter((option): option is INodePropertyOptions => 'value' in option);

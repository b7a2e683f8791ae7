import { ICredentialsHelper, NodeHelpers } from 'n8n-workflow';

/** Decrypts and applies credentials as n8n's own helper does, without its database. */
export class CredentialsHelper extends ICredentialsHelper {
	types: Record<string, object>;
	data: Record<string, object>;

	/**
	 * @param types credential types by name
	 * @param data what the user filled in, by credential type
	 */
	constructor(types: Record<string, object>, data: Record<string, object>) {
		super();
		this.types = types;
		this.data = data;
	}

	getParentTypes() {
		return [];
	}

	isCredentialUsableByNode() {
		return true;
	}

	getCredentialsProperties(typeName) {
		return this.types[typeName].properties;
	}

	async getDecrypted(_additionalData, _nodeCredentials, typeName) {
		if (!this.data[typeName]) throw new Error(`No "${typeName}" credential was given to this run`);
		const properties = this.getCredentialsProperties(typeName);
		return NodeHelpers.getNodeParameters(properties, this.data[typeName], true, false, null, null);
	}

	async preAuthentication() {
		return undefined;
	}

	async authenticate(credentials, typeName, requestOptions, workflow, node) {
		const { authenticate } = this.types[typeName];
		if (typeof authenticate === 'function') return await authenticate(credentials, requestOptions);
		const resolve = (text) =>
			workflow.expression.getSimpleParameterValue(
				node,
				text,
				'internal',
				{ $credentials: credentials },
				undefined,
				'',
			);
		const merged = { ...requestOptions };
		for (const [part, values] of Object.entries(authenticate.properties)) {
			const resolved = Object.entries(values).map(([key, value]) => [resolve(key), resolve(value)]);
			merged[part] = { ...merged[part], ...Object.fromEntries(resolved) };
		}
		return merged;
	}
}

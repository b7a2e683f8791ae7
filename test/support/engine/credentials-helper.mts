import assert from 'node:assert';
import { ICredentialsHelper, NodeHelpers } from 'n8n-workflow';
import { required } from '../required.mts';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	ICredentials,
	IDataObject,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeParameters,
	INodeProperties,
	IWorkflowExecuteAdditionalData,
	Workflow,
} from 'n8n-workflow';

/** Decrypts and applies credentials as n8n's own helper does, without its database. */
export class CredentialsHelper extends ICredentialsHelper {
	/** by name */
	types: Record<string, ICredentialType>;
	/** what the user filled in, by credential type */
	data: Record<string, IDataObject>;

	constructor(types: Record<string, ICredentialType>, data: Record<string, IDataObject>) {
		super();
		this.types = types;
		this.data = data;
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	getCredentialsProperties(typeName: string): INodeProperties[] {
		return this.types[typeName].properties;
	}

	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		_nodeCredentials: INodeCredentialsDetails,
		typeName: string,
	): Promise<ICredentialDataDecryptedObject> {
		if (!this.data[typeName]) throw new Error(`No "${typeName}" credential was given to this run`);
		const properties = this.getCredentialsProperties(typeName);
		// n8n also takes a credential's data for parameters here, and the other way round.
		const data = this.data[typeName] as INodeParameters;
		const complete = NodeHelpers.getNodeParameters(properties, data, true, false, null, null);
		return complete as ICredentialDataDecryptedObject;
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const authenticate = required(this.types[typeName].authenticate, `authenticate of ${typeName}`);
		if (typeof authenticate === 'function') return await authenticate(credentials, requestOptions);
		const { headers = {}, ...rest } = authenticate.properties;
		assert.deepEqual(rest, {}, 'Only headers are supported here');
		const resolve = (text: unknown) =>
			required(workflow, 'workflow').expression.getSimpleParameterValue(
				required(node, 'node'),
				String(text),
				'internal',
				{ $credentials: credentials },
				undefined,
				'',
			);
		const resolved = Object.entries(headers).map(([name, value]) => [
			String(resolve(name)),
			resolve(value),
		]);
		return {
			...requestOptions,
			headers: { ...requestOptions.headers, ...Object.fromEntries(resolved) },
		};
	}

	async runPreAuthentication(): Promise<never> {
		throw new Error('No credential of these tests is prepared by a request');
	}

	async getCredentials(): Promise<ICredentials> {
		throw new Error('These tests have no encrypted credentials');
	}

	async updateCredentials(): Promise<never> {
		throw new Error('No credential of these tests changes');
	}

	async updateCredentialsOauthTokenData(): Promise<never> {
		throw new Error('No credential of these tests has OAuth tokens');
	}
}

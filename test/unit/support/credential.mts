import vm from 'node:vm';
import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
} from 'n8n-workflow';
import { ApixoApi } from '../../../credentials/ApixoApi.credentials.ts';
import { type Credential, readCredential } from '../../../nodes/apixo/credential.ts';
import { NODE } from './contexts.mts';
import { standIn } from './standIn.mts';

const credential = new ApixoApi();

/** What the node makes of a credential before it sends anything. @throws as the node does */
export const asTheNode = async (decrypted: ICredentialDataDecryptedObject): Promise<Credential> =>
	await readCredential(
		standIn<IExecuteFunctions>({
			getNode: () => NODE,
			// Its type is that of the credential that the caller expects.
			getCredentials: async <T extends object>() => decrypted as T,
		}),
	);

/** What n8n makes of a request with a credential, as for its Test button, before it is sent. */
export async function asTheTestButton(
	decrypted: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions = { url: String(credential.test.request.url) },
): Promise<IHttpRequestOptions> {
	const { authenticate } = credential;
	if (typeof authenticate !== 'function') throw new Error('The credential signs no request');
	return await authenticate(decrypted, request);
}

/** The address that the Test button asks at, below which is the API. */
export function testedBaseUrl($credentials: ICredentialDataDecryptedObject): unknown {
	const [, expression] = /^=\{\{(.*)\}\}$/s.exec(String(credential.test.request.baseURL)) ?? [];
	return vm.runInNewContext(String(expression), { $credentials });
}

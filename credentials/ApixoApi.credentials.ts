import {
	UserError,
	type IAuthenticate,
	type ICredentialTestRequest,
	type ICredentialType,
	type INodeProperties,
} from 'n8n-workflow';
import {
	DEFAULT_BASE_URL,
	apiKeyIn,
	baseUrlIn,
	credentialFault,
	keyFault,
} from '../nodes/apixo/credentialRules';

const TROUBLE = 'APIXO, or a server between n8n and APIXO, has trouble, try again later';

/**
 * Codes of APIXO's errors, which may come as HTTP status, or in the body of a response with 200. n8n
 * cannot tell here whose HTTP status it is, so where it may be that of a proxy, the words say so.
 */
const REFUSALS = {
	400: 'APIXO refused the request',
	401: 'APIXO does not accept this API key',
	403: 'This API key has no access (check its IP allowlist and routing strategy), or a server between n8n and APIXO refused the request',
	404: 'The Base URL is not that of the APIXO API',
	407: 'A server between n8n and APIXO, a proxy, asks for a login',
	429: 'APIXO is limiting requests of this API key, try again later',
	500: TROUBLE,
	502: TROUBLE,
	503: TROUBLE,
	504: TROUBLE,
};

/** A response that is not APIXO's, although its status says that all is well. */
const NOT_APIXO = `${REFUSALS[404]}, or a server between n8n and APIXO answered`;

export class ApixoApi implements ICredentialType {
	name = 'apixoApi';

	displayName = 'APIXO API';

	icon = {
		light: 'file:../icons/apixo.svg',
		dark: 'file:../icons/apixo.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/apixo-ai/n8n-nodes-apixo#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The API key of your APIXO account',
			hint: 'Made in the dashboard at <a href="https://apixo.ai" target="_blank">apixo.ai</a>',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_BASE_URL,
			description: 'Only changed to use a gateway of your own or a local stand-in',
			hint: 'If the test only says ECONNREFUSED, ENOTFOUND or the like, nothing answers there: check the address, and whether your n8n server may reach it',
		},
	];

	// A function, because n8n would evaluate an expression anew for each request, which costs it
	// more than the request itself. It also runs for the Test button, before the key is sent.
	authenticate: IAuthenticate = async (credential, request) => {
		// n8n's HTTP Request node uses the credential for any address, where the Base URL plays no part.
		const { baseURL, url } = request;
		const isElsewhere =
			baseURL === undefined && /^https?:/i.test(url) && !url.startsWith(baseUrlIn(credential));
		const fault = isElsewhere ? keyFault(credential) : credentialFault(credential);
		if (fault !== undefined) throw new UserError(`${fault.message}. ${fault.description}`);
		const Authorization = `Bearer ${apiKeyIn(credential)}`;
		return { ...request, headers: { ...request.headers, Authorization } };
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ ($credentials.baseUrl?.trim() || "${DEFAULT_BASE_URL}").replace(/\\/+$/, "") }}`,
			url: '/apikeys/current-balance',
		},
		rules: [
			...Object.entries(REFUSALS).flatMap(([code, message]) => [
				{ type: 'responseCode', properties: { value: Number(code), message } },
				{ type: 'responseSuccessBody', properties: { key: 'code', value: Number(code), message } },
			]),
			// All that APIXO answers has a code; a page from elsewhere has none.
			{
				type: 'responseSuccessBody',
				properties: { key: 'code', value: undefined, message: NOT_APIXO },
			},
			// The type wants all rules to be of one kind; n8n takes each by its own.
		] as ICredentialTestRequest['rules'],
	};
}

/** Addresses that hold a secret, which APIXO and whoever makes the video would learn. */
const SECRETS: Array<{ what: string; isIn(url: URL): boolean }> = [
	{
		what: 'the token of your Telegram bot',
		isIn: ({ hostname, pathname }) =>
			hostname === 'api.telegram.org' && /^\/(?:file\/)?bot\d+(?::|%3a)/i.test(pathname),
	},
	{ what: 'a user name or password', isIn: ({ username, password }) => username + password !== '' },
	{
		what: 'an access key',
		// Not what signs one file for some time, such as `token` or `X-Amz-Signature`.
		isIn: ({ search }) =>
			/[?&](?:access_token|oauth_token|api[_-]?key|apikey|private[_-]token|client_secret|password|passwd)=[^&]|[?&]key=AIza/i.test(
				search,
			),
	},
];

/** What secret a URL holds, in words; undefined if none is seen. */
export const secretIn = (url: URL): string | undefined =>
	SECRETS.find(({ isIn }) => isIn(url))?.what;

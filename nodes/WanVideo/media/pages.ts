/**
 * Links that open a page about a file, which is what a browser's address line and most share buttons
 * give. APIXO would fetch the page.
 *
 * Where a service documents or has long had a direct address, it is made; elsewhere the user must
 * get it. By address alone: nothing is fetched.
 */

interface Page {
	service: string;
	/** With "." in front: the hosts below. */
	hosts: string[];
	/** Path and query of the pages; all if left out. */
	path?: RegExp;
	/** The address of the file itself; undefined if this link does not tell. */
	direct?: (url: URL, match: RegExpExecArray) => string | undefined;
	/** What to do where there is none. */
	advice?: string;
}

/** A copy of a URL with a parameter of its query set. */
function withQuery(url: URL, name: string, value: string): string {
	const copy = new URL(url);
	copy.searchParams.set(name, value);
	return copy.href;
}

function driveFile(url: URL, id: string | undefined): string | undefined {
	if (id === undefined) return undefined;
	const direct = new URL('https://drive.usercontent.google.com/download');
	const key = url.searchParams.get('resourcekey');
	direct.searchParams.set('id', id);
	direct.searchParams.set('export', 'download');
	// Without it, files that are too large for Google's virus scan come as a page that asks.
	direct.searchParams.set('confirm', 't');
	if (key !== null) direct.searchParams.set('resourcekey', key);
	return direct.href;
}

const DOWNLOAD = 'download the file and put it into storage that is public';

const PUBLIC_STORAGE = `${DOWNLOAD}, such as S3, Cloudinary or your own web server`;

const COPY_ADDRESS =
	'open the file itself, choose Copy Image Address (or that of the video) with the right mouse button, and use that';

const PAGES: Page[] = [
	{
		service: 'Google Drive',
		hosts: ['drive.google.com', 'docs.google.com'],
		path: /^\/(?:a\/[^/]+\/)?file\/(?:u\/\d+\/)?d\/([\w-]{10,})/,
		direct: (url, [, id]) => driveFile(url, id),
	},
	{
		service: 'Google Drive',
		hosts: ['drive.google.com'],
		path: /^\/(?:u\/\d+\/)?open\?(?:.*&)?id=([\w-]{10,})/,
		direct: (url, [, id]) => driveFile(url, id),
	},
	{
		service: 'Google Drive',
		hosts: ['drive.google.com'],
		path: /^\/(?:drive\/|folderview|$)/,
		advice: 'open the file in it, choose Share, then Copy link, and use that',
	},
	{
		service: 'Google Docs',
		hosts: ['docs.google.com'],
		path: /^\/(?:document|spreadsheets|presentation|forms|drawings)\//,
		advice: 'save what it holds as an image, and put that into storage that is public',
	},
	{
		service: 'Google Photos',
		hosts: ['photos.google.com', 'photos.app.goo.gl'],
		advice: PUBLIC_STORAGE,
	},
	{
		service: 'Dropbox',
		hosts: ['dropbox.com'],
		path: /^\/(?:s|scl\/fi)\/(?!.*[?&](?:raw|dl)=1(?:&|$))/,
		direct: (url) => withQuery(url, 'dl', '1'),
	},
	{
		service: 'Dropbox',
		hosts: ['dropbox.com'],
		path: /^\/(?:sh|scl\/fo|home|preview|transfer|request)\b/,
		advice: 'share the file itself, not its folder',
	},
	{
		service: 'GitHub',
		hosts: ['github.com'],
		path: /^\/[^/]+\/[^/]+\/blob\/[^/]+\//,
		direct: ({ origin, pathname }) => origin + pathname.replace('/blob/', '/raw/'),
	},
	{
		service: 'GitLab',
		hosts: ['gitlab.com'],
		path: /^\/.+\/-\/blob\//,
		direct: ({ origin, pathname }) => origin + pathname.replace('/-/blob/', '/-/raw/'),
	},
	{
		service: 'Hugging Face',
		hosts: ['huggingface.co'],
		path: /^\/.+\/blob\/[^/]+\//,
		direct: ({ origin, pathname }) => origin + pathname.replace('/blob/', '/resolve/'),
	},
	{
		service: 'Wikimedia',
		hosts: ['.wikipedia.org', '.wikimedia.org'],
		path: /^\/wiki\/(?:File|Image|Datei|Fichier|Archivo|文件):([^?#]+)/i,
		direct: ({ origin }, [, name]) => `${origin}/wiki/Special:FilePath/${name}`,
	},
	{
		service: 'tmpfiles.org',
		hosts: ['tmpfiles.org'],
		path: /^\/(?!dl\/)\w+\/[^/]+/,
		direct: ({ origin, pathname }) => `${origin}/dl${pathname}`,
	},
	{
		service: 'OneDrive',
		hosts: ['onedrive.live.com', '1drv.ms', '.sharepoint.com'],
		// With these, SharePoint gives the file itself.
		path: /^(?!.*[?&]download=1(?:&|$))(?!.*\/_layouts\/15\/download\.aspx)/,
		advice: PUBLIC_STORAGE,
	},
	{
		service: 'iCloud',
		hosts: ['icloud.com', 'share.icloud.com'],
		path: /^\/(?:iclouddrive|photos|sharedalbum)\b/,
		advice: PUBLIC_STORAGE,
	},
	{ service: 'Box', hosts: ['.box.com'], path: /^\/(?:s|file)\//, advice: PUBLIC_STORAGE },
	{ service: 'MEGA', hosts: ['mega.nz'], advice: PUBLIC_STORAGE },
	{ service: 'WeTransfer', hosts: ['wetransfer.com', 'we.tl'], advice: PUBLIC_STORAGE },
	{
		service: 'Slack',
		hosts: ['.slack.com'],
		path: /^\/(?:files|files-pri|files-tmb|archives)\//,
		advice: PUBLIC_STORAGE,
	},
	{ service: 'Imgur', hosts: ['imgur.com'], path: /^(?!.*\.\w{3,4}$)\/\w/, advice: COPY_ADDRESS },
	{ service: 'ImgBB', hosts: ['ibb.co'], path: /^\/\w/, advice: COPY_ADDRESS },
	{ service: 'Giphy', hosts: ['giphy.com'], path: /^\/(?:gifs|clips)\//, advice: DOWNLOAD },
	{ service: 'Unsplash', hosts: ['unsplash.com'], path: /^\/photos\/[^/]+$/, advice: COPY_ADDRESS },
	{ service: 'Pexels', hosts: ['pexels.com'], path: /^\/(?:photo|video)\//, advice: COPY_ADDRESS },
	{
		service: 'Pinterest',
		hosts: ['pinterest.com', '.pinterest.com'],
		path: /^\/pin\//,
		advice: COPY_ADDRESS,
	},
	{
		service: 'YouTube',
		hosts: ['youtube.com'],
		path: /^\/(?:watch|shorts|live)\b/,
		advice: DOWNLOAD,
	},
	{ service: 'YouTube', hosts: ['youtu.be'], advice: DOWNLOAD },
	{ service: 'Vimeo', hosts: ['vimeo.com'], path: /^\/\d+/, advice: DOWNLOAD },
	{ service: 'TikTok', hosts: ['tiktok.com', 'vm.tiktok.com'], advice: DOWNLOAD },
	{
		service: 'Instagram',
		hosts: ['instagram.com'],
		path: /^\/(?:p|reels?|stories)\//,
		advice: DOWNLOAD,
	},
	{ service: 'Facebook', hosts: ['facebook.com', 'fb.watch'], advice: DOWNLOAD },
	{ service: 'X', hosts: ['x.com', 'twitter.com'], path: /^\/\w+\/status\//, advice: COPY_ADDRESS },
	{ service: 'Telegram', hosts: ['t.me'], advice: PUBLIC_STORAGE },
	{ service: 'Canva', hosts: ['canva.com', 'canva.link'], advice: DOWNLOAD },
	{ service: 'Figma', hosts: ['figma.com'], path: /^\/(?:file|design|proto)\//, advice: DOWNLOAD },
	{
		service: 'Airtable',
		hosts: ['airtable.com'],
		path: /^\/(?:app|shr)\w+/,
		advice: 'use the attachment field that the Airtable node gives',
	},
	{
		service: 'Notion',
		hosts: ['notion.so', '.notion.site'],
		path: /^\/(?!image\/)/,
		advice: DOWNLOAD,
	},
];

const isAt = (hostname: string, host: string): boolean =>
	host.startsWith('.') ? hostname.endsWith(host) : hostname.replace(/^(?:www|m)\./, '') === host;

/** What is known about a link to a page. */
type PageLink =
	| { service: string; direct: string; advice?: undefined }
	| { service: string; direct?: undefined; advice: string };

/** @returns undefined if the URL is not known to open a page */
export function pageLink(url: URL): PageLink | undefined {
	const address = url.pathname + url.search;
	for (const { service, hosts, path = /^/, direct, advice } of PAGES) {
		const match = hosts.some((host) => isAt(url.hostname, host)) ? path.exec(address) : null;
		if (match === null) continue;
		const file = direct?.(url, match);
		return file === undefined
			? { service, advice: advice ?? PUBLIC_STORAGE }
			: { service, direct: file };
	}
	return undefined;
}

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { type Result, err, finalFailure, ok } from '../../apixo/result';
import type { Stream } from '../../apixo/streams';
import { isReachable, parseUrl } from '../../shared/urls';
import { excerpt, messageOf } from '../../shared/values';

/**
 * How a file of an item gets an address at which APIXO fetches it without login. This is the one file
 * that leans on n8n's signed addresses for files. Seen on n8n 2.41.1, 2.30.8 and 1.123.81;
 * `docs/compatibility.md` has rows for it.
 *
 * Rules, each of which made an address lead nowhere when it was broken:
 *
 * - The file is copied into this execution first. That of a webhook or form is stored elsewhere, and
 *   moved when the execution is parked or ends: an address that was signed before leads nowhere then.
 *   The copy stays where it is, and goes when n8n deletes the execution.
 * - What n8n keeps in memory (its version 1 by default) has no ID, and gets no address.
 * - Each copy and each address is new: never part of what an item is known by.
 * - The type that is stored with the copy is what APIXO is told: the address has no ending.
 *
 * n8n plans that signing will throw on its next engine.
 */

const INSTEAD = 'or put the file into public storage and give its URL.';

const refuse = (message: string, hint: string): Result<never> => err(finalFailure(message, hint));

/**
 * What a file of an item holds: a stream where n8n keeps it outside of the item.
 *
 * @throws what n8n throws when it no longer has it
 */
export const contentOf = async (
	{ helpers }: IExecuteFunctions,
	{ id, data }: IBinaryData,
): Promise<Buffer | Stream> =>
	id === undefined ? Buffer.from(data, 'base64') : await helpers.getBinaryStream(id);

/**
 * The same file, stored with this execution.
 *
 * @param mimeType what its bytes say that it is
 * @throws what n8n throws when it no longer has it, or cannot store it
 */
export const copied = async (
	context: IExecuteFunctions,
	file: IBinaryData,
	mimeType = file.mimeType,
): Promise<IBinaryData> =>
	await context.helpers.prepareBinaryData(await contentOf(context, file), file.fileName, mimeType);

function signingFault({ id }: IBinaryData, error: unknown): Result<never> {
	if (id === undefined) {
		return refuse(
			'This n8n keeps files in memory, where APIXO cannot fetch them',
			`Set N8N_DEFAULT_BINARY_DATA_MODE of your n8n server to filesystem (in queue mode: database), ${INSTEAD}`,
		);
	}
	return refuse(
		`This n8n gives no address to a file: ${excerpt(messageOf(error))}`,
		`Use n8n 1.90 or later, without its next engine in the settings of the workflow, ${INSTEAD}`,
	);
}

/**
 * An address of a copy. Whoever has it can fetch the file, so it goes to APIXO and nowhere else.
 *
 * @param validSeconds how long it is good for
 * @param allowLoopback true when the service itself runs on this machine
 */
export function signedAddress(
	{ helpers }: IExecuteFunctions,
	copy: IBinaryData,
	validSeconds: number,
	allowLoopback: boolean,
): Result<string> {
	let address: string;
	try {
		address = helpers.createBinarySignedUrl(copy, `${validSeconds}s`);
	} catch (error) {
		return signingFault(copy, error);
	}
	if (isReachable(address, allowLoopback)) return ok(address);
	const { origin = 'no URL' } = parseUrl(address) ?? {};
	return refuse(
		`APIXO cannot fetch files from this n8n: its address must be a public https:// address, but is ${origin}`,
		`Set WEBHOOK_URL of your n8n to its public https:// address, ${INSTEAD}`,
	);
}

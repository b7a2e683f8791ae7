import { createHash } from 'crypto';
import type { IBinaryData } from 'n8n-workflow';
import type { Credential } from '../../apixo/credential';
import { type Result, STOPPED, err, finalFailure, ok } from '../../apixo/result';
import { isLoopbackUrl } from '../../shared/urls';
import { excerpt, messageOf } from '../../shared/values';
import { type ItemFiles, fieldsOfFiles, fileIn, filesOf, withFiles } from '../media/files';
import type { MediaFacts } from '../media/look/facts';
import type { WanRequest } from '../model/request';
import type { Addressed, FileAddresses } from '../tasks/submission';
import { type FileContent, mimeTypeOf, readContent } from './fileContent';
import type { Run } from './run';
import { contentOf, copied, signedAddress } from './signedAddress';

/**
 * How long an address is good for: as long as the task may take, since nobody knows when APIXO
 * fetches the file, at least and at most; seconds. A task that outlives its Timeout goes on.
 */
const MIN_VALID_SECONDS = 3_600;
const MAX_VALID_SECONDS = 4 * 3_600;

/** A request whose files are known by what they hold. */
interface Identified {
	request: WanRequest;
	/** What all files of the item hold; undefined if the request is made from none of them. */
	files?: string;
}

/** The files of a run's items: what they hold, and where APIXO fetches them. */
export class RunFiles implements FileAddresses {
	/** By the file's ID, or the file itself where n8n keeps it within the item. */
	private readonly contents = new Map<unknown, Promise<FileContent>>();

	/** By what they hold. */
	private readonly copies = new Map<string, Promise<IBinaryData>>();

	/** The end of what is being read or copied: one file at a time, since each may be large. */
	private last: Promise<unknown> = Promise.resolve();

	private trial?: Promise<Result<unknown>>;

	private readonly allowLoopback: boolean;

	private readonly areInJson: boolean;

	constructor(
		private readonly run: Run,
		{ baseUrl }: Credential,
	) {
		this.allowLoopback = isLoopbackUrl(baseUrl);
		const { binaryMode } = run.context.getWorkflowSettings() as { binaryMode?: unknown };
		this.areInJson = binaryMode === 'combined';
	}

	/** What an item carries. */
	of(item: number): ItemFiles {
		return filesOf(this.run.context.getInputData()[item] ?? {}, this.areInJson);
	}

	/** Names the files in a request by what they hold, so that it is the same at each retry. */
	async identified(request: WanRequest, item: number): Promise<Result<Identified>> {
		const fields = fieldsOfFiles(request);
		if (fields.length === 0) return ok({ request });
		const all = createHash('sha256');
		const named = new Map<string, string>();
		for (const field of Object.keys(this.of(item)).sort()) {
			const content = await this.settled(item, field, async (file) => await this.content(file));
			if (!content.ok) return content;
			const { hash } = content.value;
			all.update(JSON.stringify([field, hash]));
			named.set(field, fileIn(field, hash));
		}
		return ok({ request: withFiles(request, named), files: all.digest('hex').slice(0, 24) });
	}

	/** What the file in a field of an item is. */
	async factsOf(field: string, item: number): Promise<Result<MediaFacts>> {
		const content = await this.settled(item, field, async (file) => await this.content(file));
		return content.ok ? ok(content.value.facts) : content;
	}

	/**
	 * Whether APIXO can fetch files from this n8n. Tried out with those of one request, since all go
	 * the same way.
	 */
	async tryOut(request: WanRequest, item: number): Promise<Result<unknown>> {
		if (fieldsOfFiles(request).length === 0) return ok(undefined);
		this.trial ??= this.addressed(request, item, 0);
		return await this.trial;
	}

	async addressed(request: WanRequest, item: number, deadline: number): Promise<Result<Addressed>> {
		const fields = fieldsOfFiles(request);
		if (fields.length === 0) return ok({ request, deadline });
		const now = this.run.clock.now();
		const seconds = Math.ceil((deadline - now) / 1_000);
		const validSeconds = Math.min(Math.max(seconds, MIN_VALID_SECONDS), MAX_VALID_SECONDS);
		const addresses = new Map<string, string>();
		for (const field of fields) {
			const copy = await this.settled(item, field, async (file) => await this.copy(file));
			if (!copy.ok) return copy;
			const address = signedAddress(this.run.context, copy.value, validSeconds, this.allowLoopback);
			if (!address.ok) return address;
			addresses.set(field, address.value);
		}
		// What is accepted late must still find the file.
		const latest = now + (validSeconds * 1_000) / 2;
		return ok({ request: withFiles(request, addresses), deadline: Math.min(deadline, latest) });
	}

	private async content(file: IBinaryData): Promise<FileContent> {
		const key = file.id ?? file;
		const content =
			this.contents.get(key) ??
			this.inTurn(
				async () => await readContent(await contentOf(this.run.context, file), this.run.signal),
			);
		this.contents.set(key, content);
		return await content;
	}

	private async copy(file: IBinaryData): Promise<IBinaryData> {
		const content = await this.content(file);
		const copy =
			this.copies.get(content.hash) ??
			this.inTurn(async () => await copied(this.run.context, file, mimeTypeOf(content)));
		this.copies.set(content.hash, copy);
		return await copy;
	}

	private async inTurn<T>(work: () => Promise<T>): Promise<T> {
		const turn = this.last.then(work);
		this.last = turn.catch(() => {});
		return await turn;
	}

	/** Does something with a file. n8n throws where it no longer has it. */
	private async settled<T>(
		item: number,
		field: string,
		work: (file: IBinaryData) => Promise<T>,
	): Promise<Result<T>> {
		const { [field]: file } = this.of(item);
		try {
			if (file === undefined) throw new Error('the item no longer has it');
			return ok(await work(file));
		} catch (error) {
			if (this.run.signal.aborted) return err(STOPPED);
			return err(
				finalFailure(
					`The file in the field "${field}" could not be read: ${excerpt(messageOf(error))}`,
					'n8n deletes files together with the execution that made them. Run the workflow anew, from the node that brings the file.',
				),
			);
		}
	}
}

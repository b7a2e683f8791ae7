import type { INodeProperties } from 'n8n-workflow';
import type { TypedTexts } from '../../shared/templates';
import type { FileKind } from './fileTypes';
import type { ItemFiles } from './files';

/** The part of a request that names media, in the service's own names. */
export type MediaFields = { [field: `${string}_urls`]: string[] | undefined };

/** Where the check of an item's media notes what it finds. */
export interface MediaFindings {
	/** What is wrong, as a sentence that starts with the field's name. */
	readonly faults: string[];
	/** What the user should know although the request can be sent. */
	readonly hints: string[];
	/** The panel as it was typed. */
	readonly typed: TypedTexts;
	/** What the item carries beside its JSON. */
	readonly files: ItemFiles;
	/** What the request is made from, and may be looked at. */
	readonly media: MediaUse[];
	/** Whether what is at addresses is looked at: then the ending of an address refuses nothing. */
	readonly areLookedAt: boolean;
}

/** A file that a request is made from. */
export interface MediaUse {
	/** In messages about it. */
	title: string;
	/** Its address, or what stands for a file of the item. */
	url: string;
	/** The kinds of files that the field takes. */
	accepted: FileKind[];
	/** Its kind, by what the user, its address or n8n says; undefined if they say nothing. */
	kind?: FileKind;
	/** What is wrong with the ending of its address, as the rest of a sentence. */
	endingFault?: string;
}

/**
 * What a mode makes its video from, beside the prompt: the fields of the panel, and how they are
 * read. A new medium is one file in this folder, named by the rows of the mode table that use it.
 */
export interface Medium {
	/** Shown in every mode that uses this medium. */
	fields: INodeProperties[];
	/** How the Prompt field differs in these modes. */
	promptField?: Pick<INodeProperties, 'placeholder' | 'hint'>;
	/**
	 * Reads and checks the fields of an item.
	 *
	 * @param parameters what the panel holds, by the names of `fields`
	 * @param allowLocal accept media on this machine, because the service runs here too
	 */
	read(
		parameters: Record<string, unknown>,
		allowLocal: boolean,
		findings: MediaFindings,
	): MediaFields;
	/** What is wrong with the files together, by what is known of their kinds. */
	kindsFault?(kinds: Array<FileKind | undefined>): string | undefined;
	/** What about a request may be a waste, although it can be sent. */
	hints?(request: MediaFields & { prompt: string }): string[];
}

/** For modes that need nothing but a prompt. */
export const NO_MEDIUM: Medium = { fields: [], read: () => ({}) };

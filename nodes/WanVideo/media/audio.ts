import type { INodeProperties } from 'n8n-workflow';
import { isUnset } from '../../shared/values';
import type { MediaFindings } from './medium';
import { type OneFile, fileNameField, readOneFile, sourceField } from './oneFile';

const WHAT =
	'a WAV or MP3 of 3 to 30 seconds, up to 15 MB. What is longer than the video is cut, what is shorter ends in silence.';

const source = sourceField('Audio From', 'audioSource');

const field: INodeProperties = {
	...fileNameField('Audio Input Field Name', 'audioBinaryProperty'),
	description: `Name of the field of the input item that holds voice or music for the video: ${WHAT}`,
	displayOptions: { show: { audioSource: ['binary'] } },
};

// With a name: in its place, n8n's linter misses the period at the end of the template.
const ABOUT_URL = `Voice or music for the video: the public address of ${WHAT}`;

const url: INodeProperties = {
	displayName: 'Audio URL',
	name: 'audioUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://example.com/voice.mp3',
	description: ABOUT_URL,
	displayOptions: { hide: { audioSource: ['binary'] } },
};

/** What Additional Fields offer, in alphabetical order. */
export const audioFields = [source, field, url];

const AUDIO: OneFile = { source, url, field, title: 'The audio file', kind: 'audio' };

/**
 * Reads the audio among Additional Fields.
 *
 * @param isSilent whether the video has no sound
 * @returns undefined if there is none
 */
export function readAudio(
	additional: Record<string, unknown>,
	isSilent: boolean,
	allowLocal: boolean,
	findings: MediaFindings,
): string[] | undefined {
	const { audioSource, audioUrl } = additional;
	const isGiven = !isUnset(audioUrl) || (!isUnset(audioSource) && audioSource !== 'url');
	if (!isGiven) return undefined;
	if (!isSilent) return readOneFile(AUDIO, additional, allowLocal, findings);
	findings.hints.push('Sound is off, so the audio file is not used');
	return undefined;
}

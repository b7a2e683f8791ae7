/**
 * A storyboard: shots with their seconds instead of one prompt. It becomes a prompt in the form that
 * the model knows, and settings with which the model keeps to it.
 */
import { isRecord, isUnset, lookUp } from '../../shared/values';
import type { Findings } from './findings';
import { MAX_PROMPT_CHARACTERS, type Mode, modeNames, modeOf } from './modes';
import { type GivenShots, type Shot, checkShot, jsonIn, shotsIn } from './shots';
import { characters, checkFilledText } from './text';

/** What the model has to be told beside the prompt: it heeds the shot type only if it may rewrite. */
const SETTINGS = { prompt_extend: true, shot_type: 'multi' } as const;

/** Where the prompt may come from: the values of Prompt From. */
export type PromptSource = 'text' | 'shots' | 'shotsJson';

/** How each source of a storyboard is read. */
const SOURCES: Record<Exclude<PromptSource, 'text'>, typeof givenInFields> = {
	shots: givenInFields,
	shotsJson: givenInJson,
};

export interface Storyboard {
	/** Empty if something is wrong. */
	prompt: string;
	/** Whole seconds, of all shots together; undefined if something is wrong. */
	duration?: number;
}

const FAULTY: Storyboard = { prompt: '' };

function givenInFields(
	{ shots }: Record<string, unknown>,
	findings: Findings,
): GivenShots | undefined {
	const isEmpty = isUnset(shots) || (isRecord(shots) && Object.keys(shots).length === 0);
	const given = isEmpty ? { entries: [] } : shotsIn(shots);
	return given ?? findings.mismatch('Shots', 'a list of shots with text and seconds', shots);
}

function givenInJson(
	{ shotsJson }: Record<string, unknown>,
	findings: Findings,
): GivenShots | undefined {
	if (isUnset(shotsJson)) return { entries: [] };
	const value = typeof shotsJson === 'string' ? jsonIn(shotsJson) : shotsJson;
	if (value === undefined) {
		findings.faults.push('Shots (JSON) is not valid JSON');
		return undefined;
	}
	const wanted = 'an array of objects with text and seconds';
	return shotsIn(value) ?? findings.mismatch('Shots (JSON)', wanted, value);
}

/** Each shot lasts a second at least, so no video has more. */
const mostShots = () => Math.max(...modeNames().map((name) => modeOf(name).durationSeconds.max));

/** @returns undefined if something is wrong with any of them */
function checkShots(entries: unknown[], findings: Findings): Shot[] | undefined {
	const { faults } = findings;
	const max = mostShots();
	if (entries.length === 0) faults.push('Shots is empty: a storyboard needs one shot at least');
	if (entries.length > max) {
		faults.push(`Shots has ${entries.length} entries, but at most ${max} fit`);
	}
	const shots = entries
		.slice(0, max)
		.flatMap((entry, index) => checkShot(entry, `Shot ${index + 1}`, findings) ?? []);
	return shots.length === entries.length && shots.length > 0 ? shots : undefined;
}

const isBlank = (value: unknown) =>
	isUnset(value) || (typeof value === 'string' && value.trim() === '');

/** What holds for all shots: the user's own words, or else those of the language model. */
function checkStyle(own: unknown, given: unknown, findings: Findings): string {
	const [style] = [own, given].filter((value) => !isBlank(value));
	return style === undefined ? '' : checkFilledText('Style', style, findings);
}

const oneLine = (text: string) => text.trim().replace(/\s+/g, ' ');

/** The sums up to each number. */
const runningSums = (numbers: number[]) =>
	numbers.map((_, index) => numbers.slice(0, index + 1).reduce((sum, number) => sum + number, 0));

/** The lines of the prompt in the form that the model knows: the whole, then shot by shot. */
function linesOf(style: string, shots: Shot[], ends: number[]): string[] {
	const lines = shots.map(
		({ text, seconds }, index) =>
			`Shot ${index + 1} [${ends[index] - seconds}-${ends[index]}s] ${oneLine(text)}`,
	);
	return style === '' ? lines : [oneLine(style), ...lines];
}

/** Refuses shots that take longer than a video of the mode, or not as long. */
function checkDuration(ends: number[], mode: Mode, { faults }: Findings): void {
	const { min, max } = mode.durationSeconds;
	const total = ends.at(-1) ?? 0;
	if (total >= min && total <= max) return;
	const fault = `The seconds of the shots add up to ${total}, but in the mode ${mode.title} must be ${min} to ${max}`;
	const late = ends.findIndex((end) => end > max);
	faults.push(late < 0 ? fault : `${fault}: Shot ${late + 1} does not fit`);
}

/** Refuses what APIXO would cut: the last shots would be paid for, but not made. */
function checkLength(lines: string[], shotCount: number, { faults }: Findings): void {
	const lengths = runningSums(lines.map((line) => characters(line) + 1)).map((sum) => sum - 1);
	const long = lengths.findIndex((length) => length > MAX_PROMPT_CHARACTERS);
	if (long < 0) return;
	const shot = Math.max(long - (lines.length - shotCount), 0) + 1;
	faults.push(
		`The storyboard has ${lengths.at(-1)} characters, but APIXO cuts it after ${MAX_PROMPT_CHARACTERS}: Shot ${shot} does not fit`,
	);
}

/**
 * Reads the storyboard of an item and checks it.
 *
 * @param mode undefined if the mode is not certain
 * @returns undefined if the prompt is given as text
 */
export function checkStoryboard(
	parameters: Record<string, unknown>,
	mode: Mode | undefined,
	findings: Findings,
): Storyboard | undefined {
	const { promptFrom } = parameters;
	if (isUnset(promptFrom) || promptFrom === 'text') return undefined;
	const source = lookUp(SOURCES, promptFrom);
	if (source === undefined) {
		findings.mismatch('Prompt From', 'text, shots or shotsJson', promptFrom);
		return FAULTY;
	}
	const given = source(parameters, findings);
	if (given === undefined) return FAULTY;
	const style = checkStyle(parameters.shotsStyle, given.style, findings);
	const shots = checkShots(given.entries, findings);
	if (shots === undefined) return FAULTY;
	const ends = runningSums(shots.map(({ seconds }) => seconds));
	const lines = linesOf(style, shots, ends);
	if (mode !== undefined) checkDuration(ends, mode, findings);
	checkLength(lines, shots.length, findings);
	return findings.faults.length > 0 ? FAULTY : { prompt: lines.join('\n'), duration: ends.at(-1) };
}

/**
 * The settings that a storyboard needs. Where the user chose others, it is for them to say which
 * they meant, before anything is paid for.
 */
export function storyboardSettings(
	chosen: { prompt_extend?: boolean; shot_type?: string },
	{ faults }: Findings,
): typeof SETTINGS {
	if (chosen.shot_type === 'single') {
		faults.push('Shot Type is Single Shot, but a storyboard needs Multiple Shots');
	}
	if (chosen.prompt_extend === false) {
		faults.push('Improve Prompt is off, but the model keeps to a storyboard only if it is on');
	}
	return SETTINGS;
}

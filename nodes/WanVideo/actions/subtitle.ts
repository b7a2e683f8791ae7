import { DEFAULT_MODE, defaultDurationOf, modeNames, modeOf } from '../model/modes';

/** An operation as the subtitle tells of it. */
export interface SubtitledOperation {
	resource: string;
	operation: string;
	title: string;
	/** Whether it takes the fields of a request, so that it has a mode and a price. */
	isRequest: boolean;
	isDefault: boolean;
}

/** What the expression needs of the mode table. Lists, because a table would also find `constructor`. */
const modes = () =>
	modeNames().map((name) => {
		const { title, hasSoundSwitch, durationSeconds, defaultResolution, price } = modeOf(name);
		return {
			name,
			title,
			hasSoundSwitch,
			...durationSeconds,
			defaultResolution,
			defaultDuration: defaultDurationOf(modeOf(name)),
			prices: Object.entries(price).map(([resolution, each]) => ({ resolution, ...each })),
		};
	});

/** A value in an expression, where `}}` would be its end. */
const literal = (value: unknown) => JSON.stringify(value).replace(/}(?=})/g, '} ');

/**
 * The node's subtitle, such as "$0.50: Text to Video" or "Submit $0.50: Text to Video": one expression,
 * which n8n's editor evaluates for each node that it draws. The canvas cuts it after some 28
 * characters, so the price comes first, and the default operation goes without saying.
 *
 * It reads the parameters as they are saved, not what they evaluate to, which is unknown before
 * there are items: what depends on an expression is left out. Left alone, they may be missing.
 */
export const subtitleFor = (
	operations: SubtitledOperation[],
): string => `={{ ((saved, operations, modes) => {
	const isUnset = (value) => value === undefined || value === null || value === "";
	const orElse = (value, fallback) => isUnset(value) ? fallback : value;
	const resource = orElse(saved.resource, "video");
	const operation = operations.find((one) => one.resource === resource &&
		(isUnset(saved.operation) ? one.isDefault : one.operation === saved.operation));
	if (!operation) return "";
	if (!operation.isRequest) return operation.title;
	const mode = modes.find(({ name }) => name === orElse(saved.mode, ${literal(DEFAULT_MODE)}));
	if (!mode) return operation.title;
	const resolution = orElse(saved.resolution, mode.defaultResolution);
	const price = mode.prices.find((one) => one.resolution === resolution);
	const seconds = Number(orElse(saved.duration, mode.defaultDuration));
	const sound = mode.hasSoundSwitch ? orElse(saved.sound, true) : true;
	const isTimedByShots = orElse(saved.promptFrom, "text") !== "text";
	const isKnown = price && !isTimedByShots && Number.isInteger(seconds) && seconds >= mode.min && seconds <= mode.max &&
		(sound === true || sound === false);
	const usd = isKnown ? (sound ? price.withSound : price.silent) * seconds / 1000000 : 0;
	const cost = isKnown ? "$" + usd.toFixed(6).replace(/0{1,4}$/, "") : "";
	const what = operation.isDefault ? "" : operation.title;
	const before = [what, cost].filter((part) => part !== "").join(" ");
	return before === "" ? mode.title : before + ": " + mode.title;
})($rawParameter, ${literal(operations)}, ${literal(modes())}) }}`;

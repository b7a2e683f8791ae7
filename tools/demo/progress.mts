/** A task as the service sees it. */
export interface RunningTask {
	taskId: string;
	mode: string;
	state: string;
}

/** What has been drawn so far. */
interface Drawn {
	lines: number;
	frame: number;
	/** by task ID */
	states: Map<string, string>;
}

const REFRESH_MS = 500;
const SPINNER = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';

const describe = ({ taskId, mode, state }: RunningTask) => `${taskId}  ${mode.padEnd(24)} ${state}`;

/** Redraws a few lines in place. */
function showInTerminal(seconds: number, tasks: RunningTask[], drawn: Drawn): void {
	const up = drawn.lines > 0 ? `\x1b[${drawn.lines}A\x1b[J` : '';
	const spinner = SPINNER[drawn.frame % SPINNER.length];
	const lines = [
		`${spinner} Generating … ${seconds} s`,
		...tasks.map((task) => `  ${describe(task)}`),
	];
	process.stdout.write(`${up}${lines.join('\n')}\n`);
	drawn.lines = lines.length;
	drawn.frame += 1;
}

/** Writes one line for each change of state. */
function showInLog(seconds: number, tasks: RunningTask[], drawn: Drawn): void {
	for (const task of tasks.filter(({ taskId, state }) => drawn.states.get(taskId) !== state)) {
		drawn.states.set(task.taskId, task.state);
		process.stdout.write(`  ${String(seconds).padStart(3)} s  ${describe(task)}\n`);
	}
}

/**
 * Shows how a run goes. Without knowledge of the tasks: how long it takes.
 *
 * @returns ends it, with the last state shown
 */
export function showProgress(tasks: () => RunningTask[] = () => []): () => void {
	const startedAt = Date.now();
	const drawn: Drawn = { lines: 0, frame: 0, states: new Map() };
	const show = process.stdout.isTTY ? showInTerminal : showInLog;
	const draw = () => show(Math.round((Date.now() - startedAt) / 1000), tasks(), drawn);
	if (!process.stdout.isTTY) process.stdout.write('Generating …\n');
	draw();
	const timer = setInterval(draw, REFRESH_MS);
	return () => {
		clearInterval(timer);
		draw();
	};
}

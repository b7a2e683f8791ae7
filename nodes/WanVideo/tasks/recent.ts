import { type Result, ok } from '../../apixo/result';
import type { Clock } from '../../shared/clock';

/** What a task was made from. */
export interface Marks {
	/** The request, as it was evaluated. */
	requested: string;
	/** The panel and the input item; not for calls by agents. */
	wished?: string;
}

/** Who asks for tasks: one call of `execute()`. */
export interface Asker {
	/** Tasks of another scope are not his: another node, another account, test runs and real ones. */
	scope: string;
	/** Undefined for calls over MCP, each of which is a call of its own. */
	executionId?: string;
	/** Whether he is the tool of an agent in earnest, which asks the same again for one more video. */
	isTool: boolean;
	/** Whether he may be gone before he is answered, as clients of MCP may. */
	mayBeGone: boolean;
}

/** A task that may be picked up. */
export interface Offer {
	taskId: string;
	/** Whether its owner has it already, so that it is only picked up while it is unfinished. */
	isHandedOver: boolean;
}

/** What came of a submission. */
export interface Sent {
	result: Result<string>;
	/** Whether another call of the tool sent it. */
	isShared: boolean;
}

interface RecentTask extends Marks {
	scope: string;
	taskId: string;
	paidAt: number;
	/** The execution that had it last, its place there, and which call of `execute()` that was. */
	executionId?: string;
	item: number;
	turn: number;
	handedOver?: { at: number; isSure: boolean };
}

const HOUR_MS = 60 * 60 * 1_000;

/** How long a task is remembered, and how many are. */
const KEPT_MS = 24 * HOUR_MS;
const MAX_TASKS = 5_000;

/** No client of MCP gives up sooner: most wait for a minute. */
const PATIENCE_MS = 25_000;

/** How long a client that gave up may take to ask again. */
const REPEATED_WITHIN_MS = HOUR_MS;

const CALLED_BEFORE =
	'An earlier call with the same arguments made this task, so nothing was paid again. For one more video, call again once it is finished, or change an argument';

const TESTED_BEFORE =
	'An earlier test run made this task, so nothing was paid again. For a new video, change the prompt, or add Reuse In Test Runs in Options and switch it off';

/**
 * Tasks that this process paid for in the last day, for test runs and for repeated calls by agents.
 * Other executions pick them up; what belongs to one execution stands in `TaskMemory`.
 */
export class RecentTasks {
	/** The oldest first. */
	private readonly tasks = new Map<string, RecentTask>();

	/** Submissions of tools that are under way. */
	readonly sending = new Map<string, Promise<Result<string>>>();

	private turns = 0;

	/** What one call of `execute()` may pick up. */
	for(asker: Asker, clock: Clock): RecentScope {
		return new RecentScope(this, asker, clock, ++this.turns);
	}

	in(scope: string, nowMs: number): RecentTask[] {
		for (const [key, { paidAt }] of this.tasks) {
			if (nowMs - paidAt <= KEPT_MS) break;
			this.tasks.delete(key);
		}
		return [...this.tasks.values()].filter((task) => task.scope === scope);
	}

	find(scope: string, taskId: string): RecentTask | undefined {
		return this.tasks.get(`${scope} ${taskId}`);
	}

	add(task: RecentTask): void {
		this.tasks.set(`${task.scope} ${task.taskId}`, task);
		const [oldest] = this.tasks.keys();
		if (this.tasks.size > MAX_TASKS) this.tasks.delete(oldest);
	}

	forget(scope: string, taskId: string): void {
		this.tasks.delete(`${scope} ${taskId}`);
	}
}

/** The recent tasks as one call of `execute()` sees them. */
export class RecentScope {
	private readonly startedAt: number;

	constructor(
		private readonly all: RecentTasks,
		private readonly asker: Asker,
		private readonly clock: Clock,
		private readonly turn: number,
	) {
		this.startedAt = clock.now();
	}

	/**
	 * Takes a task for each item that has one: of the latest execution first, there in the order of
	 * the items. An equal wish goes before an equal request. No task is taken twice in an execution.
	 *
	 * @returns by item
	 */
	claim(wanted: Map<number, Marks>): Map<number, Offer> {
		const now = this.clock.now();
		const free = this.all
			.in(this.asker.scope, now)
			.filter((task) => this.isFree(task, now))
			.sort((a, b) => b.turn - a.turn || a.item - b.item);
		const offers = new Map<number, Offer>();
		for (const sameness of [haveEqualWish, haveEqualRequest]) {
			for (const [item, marks] of wanted) {
				if (offers.has(item)) continue;
				const found = free.find((task) => task.turn !== this.turn && sameness(task, marks));
				if (found === undefined) continue;
				Object.assign(found, this.place(item), { wished: marks.wished });
				offers.set(item, { taskId: found.taskId, isHandedOver: this.isHandedOver(found) });
			}
		}
		return offers;
	}

	private add(item: number, marks: Marks, taskId: string): void {
		const { scope } = this.asker;
		this.all.add({ scope, ...marks, taskId, paidAt: this.clock.now(), ...this.place(item) });
	}

	/** For a task that failed, or that APIXO does not have. */
	forget(taskId: string): void {
		this.all.forget(this.asker.scope, taskId);
	}

	/** The result of a tool goes to its agent; a client that waited for long may not be there. */
	handOver(taskId: string): void {
		const task = this.all.find(this.asker.scope, taskId);
		if (task === undefined) return;
		const at = this.clock.now();
		const isSure = !this.asker.mayBeGone || at - this.startedAt < PATIENCE_MS;
		task.handedOver = { at, isSure };
	}

	/** What a model is told of a task that was picked up. */
	get note(): string {
		return this.asker.isTool ? CALLED_BEFORE : TESTED_BEFORE;
	}

	/** Sends a submission, unless another call of the tool sends the same just now. */
	async send(item: number, marks: Marks, submit: () => Promise<Result<string>>): Promise<Sent> {
		if (!this.asker.isTool)
			return { result: await this.sendOwn(item, marks, submit), isShared: false };
		const { sending } = this.all;
		const key = `${this.asker.scope} ${marks.requested}`;
		for (let twin = sending.get(key); twin !== undefined; twin = sending.get(key)) {
			const result = await twin;
			if (result.ok || result.failure.kind === 'ambiguous') return { result, isShared: true };
		}
		const taskId = this.sentMeanwhile(marks);
		if (taskId !== undefined) return { result: ok(taskId), isShared: true };
		const own = this.sendOwn(item, marks, submit);
		sending.set(key, own);
		try {
			return { result: await own, isShared: false };
		} finally {
			sending.delete(key);
		}
	}

	private async sendOwn(item: number, marks: Marks, submit: () => Promise<Result<string>>) {
		const result = await submit();
		if (result.ok) this.add(item, marks, result.value);
		return result;
	}

	/** The task of another call that began later than this one, and was quicker. */
	private sentMeanwhile({ requested }: Marks): string | undefined {
		return this.all
			.in(this.asker.scope, this.clock.now())
			.find(
				(task) =>
					task.requested === requested && task.turn !== this.turn && task.paidAt > this.startedAt,
			)?.taskId;
	}

	private place(item: number) {
		return { executionId: this.asker.executionId, item, turn: this.turn };
	}

	private isFree({ executionId, handedOver }: RecentTask, now: number): boolean {
		// A tool whose task is under way may be asked again in the same execution.
		if (this.asker.isTool)
			return handedOver?.isSure !== false || now - handedOver.at < REPEATED_WITHIN_MS;
		return executionId === undefined || executionId !== this.asker.executionId;
	}

	private isHandedOver({ handedOver }: RecentTask): boolean {
		return this.asker.isTool && handedOver?.isSure === true;
	}
}

const haveEqualWish = (task: Marks, { wished }: Marks): boolean =>
	wished !== undefined && task.wished === wished;

const haveEqualRequest = (task: Marks, { requested }: Marks): boolean =>
	task.requested === requested;

/** Of all executions of this process. */
export const recentTasks = new RecentTasks();

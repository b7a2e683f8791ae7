import type { ApixoClient } from '../../apixo/client';
import type { Credential } from '../../apixo/credential';
import type { Result } from '../../apixo/result';
import type { WanRequest } from '../model/request';
import { realRunIndexOf } from '../tasks/interrupted';
import type { Journal } from '../tasks/journal';
import { TaskMemory } from '../tasks/memory';
import { recentFor } from '../tasks/recall';
import type { RecentScope } from '../tasks/recent';
import { type Submission, type Submitted, Submitter } from '../tasks/submission';
import { RunFiles } from './itemFiles';
import type { ItemReader } from './itemReader';
import type { ItemPlanning } from './items';
import { mediaCheck } from './mediaCheck';
import {
	type RequestPlan,
	type SubmissionPlan,
	planRequest,
	recallPlans,
	refuseSubmissions,
} from './plans';
import type { Run } from './run';
import { sampleIdOf } from './sample';

/** The submissions of one run, from reading its items to sending them, however it waits for them. */
export class Submissions {
	readonly memory: TaskMemory;

	private readonly runIndex: number;

	private readonly recent: RecentScope | undefined;

	private readonly files: RunFiles;

	private readonly submitter: Submitter;

	constructor(
		private readonly run: Run,
		private readonly client: ApixoClient,
		private readonly credential: Credential,
		journal: Journal | undefined,
	) {
		const { context, clock, isTool } = run;
		this.runIndex = realRunIndexOf(context);
		this.recent = recentFor(context, clock, credential, isTool);
		this.memory = new TaskMemory(context, this.runIndex, isTool, this.recent);
		this.files = new RunFiles(run, credential);
		this.submitter = new Submitter(client, this.memory, this.files, journal);
	}

	/** Asks what executions before have begun, before any item is read. */
	async lookBack(): Promise<void> {
		await this.submitter.lookBack(this.run.context.getInputData());
	}

	/** Reads the request of an item. @returns undefined if something is wrong with it */
	async planRequest(reader: ItemReader): Promise<RequestPlan | undefined> {
		return await planRequest(reader, this.credential, this.files, this.submitter);
	}

	/** What becomes of the items between reading and submitting them. */
	planning<Plan extends SubmissionPlan>(): Omit<ItemPlanning<Plan>, 'prepare'> &
		Required<Pick<ItemPlanning<Plan>, 'refuse'>> {
		const { run, client, credential, memory, files, recent, submitter } = this;
		return {
			check: mediaCheck(run, credential, files),
			refuse: async (plans) => await refuseSubmissions(run, submitter, plans),
			earlierTaskId: (plan, item) => memory.taskIdOf({ ...plan, item }),
			anyEarlierTaskId: (item) => memory.newestTaskIdOf(item),
			recall: recent && (async (plans) => await recallPlans(run, client, memory, recent, plans)),
		};
	}

	/** Counts a sample as if it were submitted. @returns its task ID */
	sample(request: WanRequest, item: number): string {
		this.memory.spend(request);
		return sampleIdOf(this.run.context, this.runIndex, item);
	}

	/** Submits an item, or finds its task, and notes what that came to. */
	async submit(submission: Submission): Promise<Result<Submitted>> {
		const submitted = await this.submitter.submitOnce(submission);
		if (!submitted.ok) return submitted;
		const { taskId, isNew } = submitted.value;
		this.run.paid(submission.item, taskId);
		this.run.tally.add(submission.request, isNew);
		return submitted;
	}
}

import type { DeduplicationItemTypes, IDataDeduplicator } from 'n8n-workflow';

type ContextData = Parameters<IDataDeduplicator['removeProcessed']>[2];

const rowOf = ({ workflow, node }: ContextData): string => `${workflow.id} ${node?.id}`;

/** n8n's table of what nodes have processed, mode "entries", for the time of this process. */
export class ProcessedData implements IDataDeduplicator {
	private readonly rows = new Map<string, DeduplicationItemTypes[]>();

	private entriesOf(contextData: ContextData): DeduplicationItemTypes[] {
		return this.rows.get(rowOf(contextData)) ?? [];
	}

	checkProcessedAndRecord: IDataDeduplicator['checkProcessedAndRecord'] = async (
		items,
		_scope,
		contextData,
		{ maxEntries = Infinity },
	) => {
		const before = this.entriesOf(contextData);
		const isKnown = (item: DeduplicationItemTypes) => before.includes(item);
		const fresh = items.filter((item) => !isKnown(item));
		const kept = [...before, ...fresh].slice(-Math.min(maxEntries, Number.MAX_SAFE_INTEGER));
		this.rows.set(rowOf(contextData), kept);
		return { new: fresh, processed: items.filter(isKnown) };
	};

	removeProcessed: IDataDeduplicator['removeProcessed'] = async (items, _scope, contextData) => {
		const kept = this.entriesOf(contextData).filter((entry) => !items.includes(entry));
		this.rows.set(rowOf(contextData), kept);
	};

	clearAllProcessedItems: IDataDeduplicator['clearAllProcessedItems'] = async (
		_scope,
		contextData,
	) => {
		this.rows.delete(rowOf(contextData));
	};

	getProcessedDataCount: IDataDeduplicator['getProcessedDataCount'] = async (_scope, contextData) =>
		this.entriesOf(contextData).length;
}

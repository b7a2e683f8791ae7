/**
 * A request to stop that any number of sleepers and requests can watch. (An AbortSignal warns of
 * a leak from the eleventh listener on, and a batch has hundreds.)
 */
export class Stop {
	private readonly watchers = new Set<() => void>();

	requested = false;

	request(): void {
		if (this.requested) return;
		this.requested = true;
		for (const watcher of [...this.watchers]) watcher();
		this.watchers.clear();
	}

	/** Calls `watcher` once when stopping is requested, at once if it was. Returns the way out. */
	watch(watcher: () => void): () => void {
		if (this.requested) watcher();
		else this.watchers.add(watcher);
		return () => this.watchers.delete(watcher);
	}
}

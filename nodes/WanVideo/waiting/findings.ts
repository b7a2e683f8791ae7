import type { Task } from '../wan/task';

/**
 * Final tasks that this process has already seen. A parked execution keeps nothing between two
 * callbacks, so without it each callback would ask for all tasks again. Only a shortcut: when it
 * is lost (restart, another process), APIXO is asked once more.
 */
export class Findings {
	private readonly tasks = new Map<string, Task>();

	constructor(private readonly capacity: number) {}

	get(taskId: string): Task | undefined {
		return this.tasks.get(taskId);
	}

	add(task: Task): void {
		this.tasks.set(task.taskId, task);
		for (const oldest of this.tasks.keys()) {
			if (this.tasks.size <= this.capacity) return;
			this.tasks.delete(oldest);
		}
	}

	remove(taskIds: string[]): void {
		for (const taskId of taskIds) this.tasks.delete(taskId);
	}
}

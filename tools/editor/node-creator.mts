import type { Locator, Page } from 'playwright-core';

/** The list in which users search for nodes. */
export class NodeCreator {
	readonly page: Page;
	readonly entries: Locator;

	constructor(page: Page) {
		this.page = page;
		this.entries = page.getByTestId('item-iterator-item');
	}

	/**
	 * Searches, and waits until an entry comes first.
	 *
	 * @param name of that entry
	 */
	async findFirst(words: string, name: string): Promise<Locator> {
		await this.page.getByTestId('node-creator-search-bar').fill(words);
		const first = this.entries.first();
		await first.getByText(name, { exact: true }).waitFor();
		return first;
	}

	/** @param category that is folded up, e.g. `Actions` */
	async unfold(category: string): Promise<void> {
		await this.page.getByTestId('node-creator-category-item').filter({ hasText: category }).click();
	}
}

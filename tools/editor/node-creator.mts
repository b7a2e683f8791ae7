import type { Locator, Page } from 'playwright-core';

/** The list in which users look for nodes. */
export class NodeCreator {
	page: Page;
	entries;

	constructor(page: Page) {
		this.page = page;
		this.entries = page.getByTestId('item-iterator-item');
	}

	/**
	 * @param name of the entry that has to come first
	 * @returns that entry
	 */
	async findFirst(words: string, name: string): Promise<Locator> {
		await this.page.getByTestId('node-creator-search-bar').fill(words);
		const first = this.entries.first();
		await first.getByText(name, { exact: true }).waitFor();
		return first;
	}

	/** Shows what is folded up, e.g. `Actions`. */
	async unfold(category) {
		await this.page.getByTestId('node-creator-category-item').filter({ hasText: category }).click();
	}
}

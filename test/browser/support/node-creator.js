/** The list in which users look for nodes. */
class NodeCreator {
	/** @param {import('playwright-core').Page} page */
	constructor(page) {
		this.page = page;
		this.entries = page.getByTestId('item-iterator-item');
	}

	/**
	 * @param {string} words
	 * @param {string} name of the entry that has to come first
	 * @returns {Promise<import('playwright-core').Locator>} that entry
	 */
	async findFirst(words, name) {
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

module.exports = { NodeCreator };

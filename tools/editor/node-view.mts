import type { Locator, Page } from 'playwright-core';

/** The opened panel of a node: parameters in the middle, output on the right. */
export class NodeView {
	page: Page;
	root;
	parameters;
	output;

	constructor(page: Page) {
		this.page = page;
		this.root = page.getByTestId('ndv');
		this.parameters = page.getByTestId('node-parameters');
		this.output = page.getByTestId('output-panel');
	}

	input(name) {
		return this.parameters.getByTestId(`parameter-input-${name}`).locator('input, textarea');
	}

	/** @returns a field with all it holds */
	field(label: string): Locator {
		return this.parameters
			.getByTestId('parameter-item')
			.filter({ has: this.page.getByTestId('input-label').getByText(label, { exact: true }) });
	}

	/**
	 * The fields as a user sees them, without notices.
	 *
	 * @returns from top to bottom;
	 *   a collection has no value of its own
	 */
	async fields(): Promise<Array<[label: string, value: string | boolean | undefined]>> {
		return await this.parameters
			.getByTestId('parameter-item')
			.filter({ visible: true, has: this.page.getByTestId('input-label') })
			.evaluateAll((items) =>
				items.map((item) => {
					const label = item.querySelector('[data-test-id="input-label"]').innerText;
					const input = item.querySelector(
						'[data-test-id^="parameter-input-"] input, [data-test-id^="parameter-input-"] textarea',
					);
					const value = input?.type === 'checkbox' ? input.checked : input?.value;
					return [label.split('\n')[0].trim(), value];
				}),
			);
	}

	/** Picks an entry of a list by its title. */
	async select(name, title) {
		await this.parameters.getByTestId(`parameter-input-${name}`).click();
		await this.page
			.getByRole('option')
			.filter({ has: this.page.getByText(title, { exact: true }), visible: true })
			.click();
		await this.page
			.getByRole('option')
			.filter({ visible: true })
			.first()
			.waitFor({ state: 'hidden' });
	}

	/** Turns a field into an expression. */
	async enterExpression(name, expression) {
		await this.parameters.getByTestId(`parameter-input-${name}`).hover();
		await this.parameters
			.getByTestId(`${name}-parameter-input-options-container`)
			.getByTestId('radio-button-expression')
			.click();
		await this.page.keyboard.press('ControlOrMeta+A');
		await this.page.keyboard.type(expression);
	}

	/** @param label of a collection @returns what it offers to add */
	async offered(label: string): Promise<string[]> {
		const add = this.field(label).getByTestId('collection-parameter-add');
		const options = this.page.getByTestId('collection-parameter-option').filter({ visible: true });
		await add.click();
		await options.first().waitFor();
		const names = await options.allInnerTexts();
		await add.click();
		await options.first().waitFor({ state: 'hidden' });
		return names;
	}

	async execute() {
		await this.page.getByTestId('node-execute-button').click();
	}

	async close() {
		await this.page.getByTestId('ndv-close-button').click();
		await this.root.waitFor({ state: 'hidden' });
	}
}

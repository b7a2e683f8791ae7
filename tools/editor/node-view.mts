import type { Locator, Page } from 'playwright-core';

/** A field as a user sees it; a collection has no value of its own. */
export type Field = [label: string, value: string | boolean | undefined];

/** The open panel of a node: parameters in the middle, output on the right. */
export class NodeView {
	readonly page: Page;
	readonly root: Locator;
	readonly parameters: Locator;
	readonly output: Locator;

	constructor(page: Page) {
		this.page = page;
		this.root = page.getByTestId('ndv');
		this.parameters = page.getByTestId('node-parameters');
		this.output = page.getByTestId('output-panel');
	}

	input(name: string): Locator {
		return this.parameters.getByTestId(`parameter-input-${name}`).locator('input, textarea');
	}

	/** A field with everything in it. */
	field(label: string): Locator {
		return this.parameters
			.getByTestId('parameter-item')
			.filter({ has: this.page.getByTestId('input-label').getByText(label, { exact: true }) });
	}

	/** All fields from top to bottom, without notices. */
	async fields(): Promise<Field[]> {
		return await this.parameters
			.getByTestId('parameter-item')
			.filter({ visible: true, has: this.page.getByTestId('input-label') })
			.evaluateAll((items) =>
				items.map((item): Field => {
					const label = item.querySelector<HTMLElement>('[data-test-id="input-label"]');
					const input = item.querySelector<HTMLInputElement | HTMLTextAreaElement>(
						'[data-test-id^="parameter-input-"] input, [data-test-id^="parameter-input-"] textarea',
					);
					const isSwitch = input instanceof HTMLInputElement && input.type === 'checkbox';
					return [
						label?.innerText.split('\n')[0].trim() ?? '',
						isSwitch ? input.checked : input?.value,
					];
				}),
			);
	}

	/** Picks an entry of a list by its title. */
	async select(name: string, title: string): Promise<void> {
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

	/** What a collection offers to add. */
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

	async execute(): Promise<void> {
		await this.page.getByTestId('node-execute-button').click();
	}

	async close(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.root.waitFor({ state: 'hidden' });
	}
}

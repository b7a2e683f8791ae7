import type { Locator, Page } from 'playwright-core';

/** n8n's screen for community packages. */
export class CommunityNodes {
	readonly page: Page;
	/** of n8n */
	readonly url: string;

	constructor(page: Page, url: string) {
		this.page = page;
		this.url = url;
	}

	/** Opens the screen, where n8n looks for newer versions. */
	async open(): Promise<void> {
		await this.page.goto(`${this.url}/settings/community-nodes`);
		await this.page
			.getByRole('button', { name: /^Install/ })
			.first()
			.waitFor();
	}

	/** @param name of a package */
	card(name: string): Locator {
		return this.page.getByTestId('community-package-card').filter({ hasText: name });
	}

	/** @param name of a package */
	async install(name: string): Promise<void> {
		await this.page
			.getByRole('button', { name: /^Install/ })
			.first()
			.click();
		await this.page.getByTestId('package-name-input').fill(name);
		await this.page.getByTestId('user-agreement-checkbox').click();
		await this.page.getByTestId('install-community-package-button').click();
	}

	/** @param name of a package with a newer version */
	async update(name: string): Promise<void> {
		await this.card(name).getByRole('button', { name: 'Update' }).click();
		await this.page.getByRole('button', { name: 'Confirm update' }).click();
	}
}

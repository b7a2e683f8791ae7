import type { Page } from 'playwright-core';

/** n8n's screen for the packages that its owner installs. */
export class CommunityNodes {
	page: Page;
	url: string;

	/** @param url of n8n */
	constructor(page: Page, url: string) {
		this.page = page;
		this.url = url;
	}

	/** Asks for what is installed, and for newer versions of it. */
	async open() {
		await this.page.goto(`${this.url}/settings/community-nodes`);
		await this.page
			.getByRole('button', { name: /^Install/ })
			.first()
			.waitFor();
	}

	/** @param name of a package */
	card(name: string) {
		return this.page.getByTestId('community-package-card').filter({ hasText: name });
	}

	/** @param name of a package */
	async install(name: string) {
		await this.page
			.getByRole('button', { name: /^Install/ })
			.first()
			.click();
		await this.page.getByTestId('package-name-input').fill(name);
		await this.page.getByTestId('user-agreement-checkbox').click();
		await this.page.getByTestId('install-community-package-button').click();
	}

	/** @param name of a package with a newer version */
	async update(name: string) {
		await this.card(name).getByRole('button', { name: 'Update' }).click();
		await this.page.getByRole('button', { name: 'Confirm update' }).click();
	}
}

/** n8n's screen for the packages that its owner installs. */
class CommunityNodes {
	/** @param {import('playwright-core').Page} page @param {string} url of n8n */
	constructor(page, url) {
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

	/** @param {string} name of a package */
	card(name) {
		return this.page.getByTestId('community-package-card').filter({ hasText: name });
	}

	/** @param {string} name of a package */
	async install(name) {
		await this.page
			.getByRole('button', { name: /^Install/ })
			.first()
			.click();
		await this.page.getByTestId('package-name-input').fill(name);
		await this.page.getByTestId('user-agreement-checkbox').click();
		await this.page.getByTestId('install-community-package-button').click();
	}

	/** @param {string} name of a package with a newer version */
	async update(name) {
		await this.card(name).getByRole('button', { name: 'Update' }).click();
		await this.page.getByRole('button', { name: 'Confirm update' }).click();
	}
}

module.exports = { CommunityNodes };

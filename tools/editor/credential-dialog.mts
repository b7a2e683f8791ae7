import type { Locator, Page } from 'playwright-core';

/** n8n's dialog for one credential of type `apixoApi`. */
export class CredentialDialog {
	readonly root: Locator;

	constructor(page: Page) {
		this.root = page.getByTestId('editCredential-modal');
	}

	input(name: string): Locator {
		return this.root.getByTestId(`parameter-input-${name}`).locator('input');
	}

	/** Saves the credential, which tests it; n8n closes the dialog of a new one that is good. */
	async save({ apiKey, baseUrl }: { apiKey: string; baseUrl: string }): Promise<void> {
		await this.input('apiKey').fill(apiKey);
		await this.input('baseUrl').fill(baseUrl);
		await this.root.getByTestId('credential-save-button').click();
	}
}

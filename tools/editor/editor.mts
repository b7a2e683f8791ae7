import { CredentialDialog } from './credential-dialog.mts';
import { NodeCreator } from './node-creator.mts';
import { NodeView } from './node-view.mts';
import type { Page } from 'playwright-core';

/** n8n's editor in one page of the browser. */
export class Editor {
	page: Page;
	url: string;
	problems: string[];

	/**
	 * @param url of n8n
	 * @param isLocal requests elsewhere are n8n's own, and cut off
	 */
	constructor(page: Page, url: string, isLocal: (url: string) => boolean) {
		this.page = page;
		this.url = url;
		/** What went wrong in the page, for a developer's eyes */
		this.problems = [];
		page.on('pageerror', (error) => this.problems.push(String(error)));
		page.on('console', (message) => {
			const { url: source } = message.location();
			if (message.type() === 'error' && isLocal(source)) {
				this.problems.push(`${message.text()} (${source})`);
			}
		});
		// Leaving a page with changes asks whether one is sure.
		page.on('dialog', async (dialog) => await dialog.accept());
	}

	async open(workflowId: string) {
		await this.page.goto(`${this.url}/workflow/${workflowId}`);
		await this.page
			.getByTestId('canvas-plus-button')
			.or(this.page.getByTestId('canvas-node'))
			.first()
			.waitFor();
	}

	/** @param name of the node, as on the canvas */
	node(name: string) {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** @returns its opened panel */
	async openNode(name: string): Promise<NodeView> {
		await this.node(name).dblclick();
		return await this.nodeView();
	}

	/** @returns the panel that is open */
	async nodeView(): Promise<NodeView> {
		await this.page.getByTestId('node-parameters').waitFor();
		return new NodeView(this.page);
	}

	/** Makes the whole workflow visible, and puts it into the middle. */
	async fitCanvas() {
		await this.page.getByTestId('zoom-to-fit').click();
		// The canvas glides there.
		await this.page.waitForTimeout(600);
	}

	/** @returns the list of all nodes there are, on an empty canvas */
	async openNodeCreator(): Promise<NodeCreator> {
		await this.page.getByTestId('canvas-plus-button').click();
		await this.page.getByTestId('node-creator-search-bar').waitFor();
		return new NodeCreator(this.page);
	}

	/** @returns the one that is open, or opens next */
	get credentialDialog(): CredentialDialog {
		return new CredentialDialog(this.page);
	}

	async execute() {
		await this.page.getByTestId('execute-workflow-button').click();
	}
}

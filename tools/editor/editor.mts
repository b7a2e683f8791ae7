import { CredentialDialog } from './credential-dialog.mts';
import { NodeCreator } from './node-creator.mts';
import { NodeView } from './node-view.mts';
import type { Locator, Page } from 'playwright-core';

/** How long the canvas moves when it is zoomed. */
const CANVAS_ANIMATION_MS = 600;

/** n8n's editor in one page of the browser. */
export class Editor {
	readonly page: Page;
	/** of n8n */
	readonly url: string;
	/** errors of the page's code and in its console */
	readonly problems: string[] = [];

	/** @param isLocal whether a URL is on this machine; others are n8n's own, and cut off */
	constructor(page: Page, url: string, isLocal: (url: string) => boolean) {
		this.page = page;
		this.url = url;
		page.on('pageerror', (error) => this.problems.push(String(error)));
		page.on('console', (message) => {
			const { url: source } = message.location();
			if (message.type() === 'error' && isLocal(source)) {
				this.problems.push(`${message.text()} (${source})`);
			}
		});
		// n8n asks before a page with changes is left.
		page.on('dialog', async (dialog) => await dialog.accept());
	}

	async open(workflowId: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${workflowId}`);
		await this.page
			.getByTestId('canvas-plus-button')
			.or(this.page.getByTestId('canvas-node'))
			.first()
			.waitFor();
	}

	/** A node on the canvas. */
	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** Opens the panel of a node. */
	async openNode(name: string): Promise<NodeView> {
		await this.node(name).dblclick();
		return await this.nodeView();
	}

	/** Waits for a panel that is open or about to be. */
	async nodeView(): Promise<NodeView> {
		await this.page.getByTestId('node-parameters').waitFor();
		return new NodeView(this.page);
	}

	/** Centers the whole workflow. */
	async fitCanvas(): Promise<void> {
		await this.page.getByTestId('zoom-to-fit').click();
		await this.page.waitForTimeout(CANVAS_ANIMATION_MS);
	}

	/** Opens the list of all nodes, on an empty canvas. */
	async openNodeCreator(): Promise<NodeCreator> {
		await this.page.getByTestId('canvas-plus-button').click();
		await this.page.getByTestId('node-creator-search-bar').waitFor();
		return new NodeCreator(this.page);
	}

	/** The dialog that is open, or opens next. */
	get credentialDialog(): CredentialDialog {
		return new CredentialDialog(this.page);
	}

	async execute(): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').click();
	}
}

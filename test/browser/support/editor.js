const { CredentialDialog } = require('./credential-dialog');
const { NodeCreator } = require('./node-creator');
const { NodeView } = require('./node-view');

/** n8n's editor in one page of the browser. */
class Editor {
	/**
	 * @param {import('playwright-core').Page} page
	 * @param {string} url of n8n
	 * @param {(url: string) => boolean} isLocal requests elsewhere are n8n's own, and cut off
	 */
	constructor(page, url, isLocal) {
		this.page = page;
		this.url = url;
		/** @type {string[]} what went wrong in the page, for a developer's eyes */
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

	/** @param {string} workflowId */
	async open(workflowId) {
		await this.page.goto(`${this.url}/workflow/${workflowId}`);
		await this.page
			.getByTestId('canvas-plus-button')
			.or(this.page.getByTestId('canvas-node'))
			.first()
			.waitFor();
	}

	/** @param {string} name of the node, as on the canvas */
	node(name) {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** @param {string} name @returns {Promise<NodeView>} its opened panel */
	async openNode(name) {
		await this.node(name).dblclick();
		return await this.nodeView();
	}

	/** @returns {Promise<NodeView>} the panel that is open */
	async nodeView() {
		await this.page.getByTestId('node-parameters').waitFor();
		return new NodeView(this.page);
	}

	/** Makes the whole workflow visible, and puts it into the middle. */
	async fitCanvas() {
		await this.page.getByTestId('zoom-to-fit').click();
		// The canvas glides there.
		await this.page.waitForTimeout(600);
	}

	/** @returns {Promise<NodeCreator>} the list of all nodes there are, on an empty canvas */
	async openNodeCreator() {
		await this.page.getByTestId('canvas-plus-button').click();
		await this.page.getByTestId('node-creator-search-bar').waitFor();
		return new NodeCreator(this.page);
	}

	/** @returns {CredentialDialog} the one that is open, or opens next */
	get credentialDialog() {
		return new CredentialDialog(this.page);
	}

	async execute() {
		await this.page.getByTestId('execute-workflow-button').click();
	}
}

module.exports = { Editor };

/** Texts with `{{ … }}` in them, which expressions were to fill in. */

/** A variable of n8n in braces, whether they are closed or not. */
const VARIABLE_IN_BRACES = /\{\{[^{}]*?\$[a-z(][^{}]*(?:\}\}?)?/i;

/** An expression without its braces, alone in a field. */
const BARE_VARIABLE =
	/^=*\s*\$(?:json|input|node|binary|item|prevNode|\(\s*(?:'[^']+'|"[^"]+")\s*\))\s*[.[]\S.*$/;

/** What other tools fill in: {{name}} and ${name}. */
const PLACEHOLDER = /\{\{[^{}]+\}\}|\$\{[\w.[\]]+\}/;

const MAX_CHARACTERS = 40;

const shortened = (text: string | undefined) =>
	text !== undefined && text.length > MAX_CHARACTERS
		? `${text.slice(0, MAX_CHARACTERS - 1)}…`
		: text;

/** The first variable of n8n that stands in a text in place of its value. */
export const variableIn = (text: string): string | undefined =>
	shortened((VARIABLE_IN_BRACES.exec(text) ?? BARE_VARIABLE.exec(text.trim()))?.[0].trim());

/** The first thing in a text that looks as if it was to be replaced, and may be meant as it is. */
export const placeholderIn = (text: string): string | undefined =>
	shortened(PLACEHOLDER.exec(text)?.[0]);

const EXPRESSION = /\{\{.*?\}\}/gs;

function addTexts(value: unknown, texts: Set<string>, levels: number): void {
	if (typeof value === 'string') texts.add(value);
	if (typeof value !== 'object' || value === null || levels === 0) return;
	for (const inner of Object.values(value)) addTexts(inner, texts, levels - 1);
}

/**
 * The texts of a panel as they were typed, before n8n filled in their expressions: what a value came
 * from tells what was meant by it. n8n marks an expression by "=" in front.
 */
export class TypedTexts {
	private readonly fixed = new Set<string>();

	private readonly leftOver = new Set<string>();

	/** @param parameters the node's own, which hold collections in one another */
	constructor(parameters: unknown = {}) {
		const texts = new Set<string>();
		addTexts(parameters, texts, 5);
		for (const text of texts) {
			if (!text.startsWith('=')) this.fixed.add(text);
			else if (text.includes('{{')) this.leftOver.add(text.slice(1).replace(EXPRESSION, '').trim());
		}
	}

	/** Whether a text was typed as it is. */
	isFixed(text: string): boolean {
		return this.fixed.has(text);
	}

	/** Whether a text is what stands around expressions, of which none found anything. */
	isLeftOver(text: string): boolean {
		return this.leftOver.has(text.trim());
	}

	/** What to do about a variable that stands in place of its value. */
	adviceFor(text: string): string {
		return this.isFixed(text)
			? 'switch the field from Fixed to Expression'
			: 'what an expression finds is not filled in again';
	}
}

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { inEachScheme } from './schemes.ts';

/**
 * What axe has against a page, or a part of it (WCAG 2.0 to 2.2, A and AA), with the elements and the scheme in which it
 * found them: light and dark.
 */
export async function violations(page: Page, within = 'html'): Promise<string[]> {
	const found: string[] = [];
	await inEachScheme(page, async (scheme, isOther) => {
		// The product has no frames: without them this way finds the same, and opens no page of its own.
		const axe = new AxeBuilder({ page }).include(within).setLegacyMode();
		// Only colours differ between the schemes.
		if (isOther) axe.withRules('color-contrast');
		else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
		for (const { id, nodes } of (await axe.analyze()).violations)
			for (const { html } of nodes) found.push(`${scheme}: ${id}: ${html}`);
	});
	return found;
}

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What axe has against a page, or a part of it (WCAG 2.0 to 2.2, A and AA), with the elements. */
export async function violations(page: Page, within = 'html'): Promise<string[]> {
	const { violations: found } = await new AxeBuilder({ page })
		.include(within)
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
		.analyze();
	return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

import { z } from 'zod';
import { fact } from '#contract/fact.ts';

/** A device said that it runs another firmware than before; `from` is null when it is the first it named. */
export const firmwareReported = fact({
	kind: 'firmware_reported',
	details: z.object({ from: z.string().nullable(), to: z.string() }),
});

/** What became of a vehicle, as the people who sell it see it. */
export const productStatuses = [
	'sold',
	'demo',
	'factory',
	'testing',
	'in_transit',
	'in_stock',
] as const;
export const productStatusSchema = z.enum(productStatuses);
export type ProductStatus = z.infer<typeof productStatusSchema>;

export const productStatusLabels: Record<ProductStatus, string> = {
	sold: 'Sold',
	demo: 'Demo',
	factory: 'Factory',
	testing: 'Testing',
	in_transit: 'In Transit',
	in_stock: 'In Stock',
};

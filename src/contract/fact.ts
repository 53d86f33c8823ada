import type { z } from 'zod';

/** A kind of fact a module keeps about devices, with what its details hold. */
export interface FactKind<Details extends z.ZodType = z.ZodType> {
	readonly kind: string;
	readonly details: Details;
}

/** Declares a kind of fact; whoever shows or reads facts takes the details' type from here. */
export function fact<Details extends z.ZodType>(declaration: FactKind<Details>): FactKind<Details> {
	return declaration;
}

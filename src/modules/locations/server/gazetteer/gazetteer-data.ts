import { z } from 'zod';

const countryRangeSchema = z.object({
	/** ISO 3166-1 alpha-2 */
	country: z.string(),
	from: z.int(),
	to: z.int(),
});
/** Which places are a country's. */
export type CountryRange = Readonly<z.infer<typeof countryRangeSchema>>;

/** The world's places as bytes that processes pass to each other: by country, in each the largest first. */
export const gazetteerDataSchema = z.object({
	/** Names, UTF-8, each after a line feed; one more at the end. */
	names: z.instanceof(Uint8Array),
	/** The same, as they are compared. */
	folded: z.instanceof(Uint8Array),
	/** Where each name begins, and where one more would. */
	nameStarts: z.instanceof(Uint32Array),
	foldedStarts: z.instanceof(Uint32Array),
	/** Degrees × 10^5, of latitude and longitude in turn. */
	positions: z.instanceof(Int32Array),
	populations: z.instanceof(Uint32Array),
	countries: z.array(countryRangeSchema),
});
export type GazetteerData = Readonly<z.infer<typeof gazetteerDataSchema>>;

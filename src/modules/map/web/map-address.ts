import { z } from 'zod';
import { rowNumberInQuery } from '#contract/row-number.ts';
import { type Status, statuses } from '#contract/status.ts';
import type { SearchTexts } from '#web/address/search-text.ts';
import type { Place } from './view/fleet-map.ts';

const number = rowNumberInQuery.nullable().catch(null);

/** Whatever somebody typed into the address, the map opens: what makes no sense reads as its default. */
const addressSchema = z.object({
	status: z
		.string()
		.catch('')
		.transform((text): readonly Status[] => {
			const named = new Set(text.split(','));
			return statuses.filter((status) => named.has(status));
		}),
	customer: number,
	city: number,
	device: z.string().max(64).nullable().catch(null),
	at: z
		.string()
		.transform((text) => text.split(',').map(Number))
		.pipe(
			z.tuple([
				z.number().min(-90).max(90),
				z.number().min(-180).max(180),
				z.number().min(0).max(22),
			]),
		)
		.transform(([lat, lon, zoom]): Place => ({ lat, lon, zoom }))
		.nullable()
		.catch(null),
});

/** Everything about the map that a bookmark keeps. `device` is the Device ID of the chosen device. */
export type MapAddress = Readonly<z.output<typeof addressSchema>>;

export function readMapAddress(texts: SearchTexts): MapAddress {
	return addressSchema.parse(texts);
}

/** Writes the map's state; what is as by default stays out of the address. */
export function writeMapAddress({ status, customer, city, device, at }: MapAddress): SearchTexts {
	return {
		...(status.length > 0 && { status: status.join(',') }),
		...(customer !== null && { customer: String(customer) }),
		...(city !== null && { city: String(city) }),
		...(device !== null && { device }),
		...(at !== null && {
			at: [at.lat.toFixed(5), at.lon.toFixed(5), at.zoom.toFixed(2)].map(Number).join(','),
		}),
	};
}

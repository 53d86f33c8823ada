import { z } from 'zod';
import type { SearchTexts } from '#web/address/search-text.ts';
import { maxSeries, maxSeriesSpanMs } from '../contract.ts';

/** Spans that charts offer, up to now. */
export const spansMs = {
	'1h': 3_600_000,
	'6h': 6 * 3_600_000,
	'24h': 24 * 3_600_000,
	'7d': 7 * 24 * 3_600_000,
} as const;
export type Span = keyof typeof spansMs;
export const spans = Object.keys(spansMs) as Span[];

/** A fresh device has minutes, not days. */
const defaultSpan: Span = '1h';

export const minRangeMs = 10_000;

const instantSchema = z.coerce.number().int().positive().optional().catch(undefined);

const addressSchema = z.object({
	tab: z.string().max(64).catch('manage'),
	span: z.enum(['1h', '6h', '24h', '7d']).catch(defaultSpan),
	from: instantSchema,
	to: instantSchema,
	fields: z
		.string()
		.catch('')
		.transform((text) =>
			text
				.split(',')
				.filter((field) => field !== '')
				.slice(0, maxSeries),
		),
	day: z.iso.date().optional().catch(undefined),
});

/** What of the device page a bookmark keeps. */
export interface DeviceAddress {
	readonly tab: string;
	/** Charts up to now, unless `range` is there. */
	readonly span: Span;
	readonly range: { readonly fromMs: number; readonly toMs: number } | null;
	/** Drawn fields; null until somebody chooses. */
	readonly fields: readonly string[] | null;
	/** Day of the route; null for the last one with a position. */
	readonly day: string | null;
}

/** Reads the page's state from its address; what makes no sense reads as by default. */
export function readDeviceAddress(texts: SearchTexts): DeviceAddress {
	const { tab, span, from, to, fields, day } = addressSchema.parse(texts);
	const isRange =
		from !== undefined &&
		to !== undefined &&
		to - from >= minRangeMs &&
		to - from <= maxSeriesSpanMs;
	return {
		tab,
		span,
		range: isRange ? { fromMs: from, toMs: to } : null,
		fields: fields.length === 0 ? null : fields,
		day: day ?? null,
	};
}

/** Writes the page's state; what is as by default stays out of the address. */
export function writeDeviceAddress(address: DeviceAddress): SearchTexts {
	const { tab, span, range, fields, day } = address;
	return {
		...(tab !== 'manage' && { tab }),
		...(span !== defaultSpan && { span }),
		...(range !== null && { from: String(range.fromMs), to: String(range.toMs) }),
		...(fields !== null && { fields: fields.join(',') }),
		...(day !== null && { day }),
	};
}

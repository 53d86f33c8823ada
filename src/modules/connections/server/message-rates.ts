import { rateSpanMinutes, rateSpans } from '../contract.ts';

const spanMs = rateSpanMinutes * 60_000;
const mostPerSpan = 0xffff;
const devicesPerPage = 1_024;

/** Counts of devices whose numbers follow each other. */
interface Page {
	readonly counts: Uint16Array;
	/** Of each device, the span of its newest message. */
	readonly spans: Int32Array;
}

/**
 * How many messages each device sent in the last hour, in 28 bytes a device. Devices are found by their numbers alone,
 * since every message asks; pages on which all have been silent for an hour are given back.
 */
export class MessageRates {
	readonly #pages: (Page | undefined)[] = [];

	count(deviceNo: number, atMs: number): void {
		const span = spanAt(atMs);
		const pageNo = Math.floor(deviceNo / devicesPerPage);
		const page = this.#pages[pageNo] ?? this.#newPage(pageNo);
		const slot = deviceNo % devicesPerPage;
		if (span > page.spans[slot]!) advance(page, slot, span);
		const place = slot * rateSpans + (span % rateSpans);
		if (span === page.spans[slot] && page.counts[place]! < mostPerSpan) page.counts[place]!++;
	}

	/** Messages in each span of the last hour, oldest first. */
	series(deviceNo: number, nowMs: number): number[] {
		const now = spanAt(nowMs);
		const page = this.#pages[Math.floor(deviceNo / devicesPerPage)];
		const slot = deviceNo % devicesPerPage;
		const newest = page?.spans[slot] ?? 0;
		return Array.from({ length: rateSpans }, (_, place) => {
			const span = now - rateSpans + 1 + place;
			const isKept = span <= newest && span > newest - rateSpans;
			return isKept ? (page?.counts[slot * rateSpans + (span % rateSpans)] ?? 0) : 0;
		});
	}

	/** Gives back pages on which every device has been silent for an hour. */
	sweep(nowMs: number): void {
		const oldest = spanAt(nowMs) - rateSpans;
		for (const [pageNo, page] of this.#pages.entries())
			if (page?.spans.every((span) => span <= oldest)) this.#pages[pageNo] = undefined;
	}

	/** Pages in use. */
	get pages(): number {
		return this.#pages.filter((page) => page !== undefined).length;
	}

	#newPage(pageNo: number): Page {
		while (this.#pages.length < pageNo) this.#pages.push(undefined);
		const page = {
			counts: new Uint16Array(devicesPerPage * rateSpans),
			spans: new Int32Array(devicesPerPage),
		};
		this.#pages[pageNo] = page;
		return page;
	}
}

/** Empties the spans between a device's newest and the one that begins. */
function advance({ counts, spans }: Page, slot: number, span: number): void {
	const first = Math.max(spans[slot]! + 1, span - rateSpans + 1);
	for (let each = first; each <= span; each++) counts[slot * rateSpans + (each % rateSpans)] = 0;
	spans[slot] = span;
}

function spanAt(atMs: number): number {
	return Math.floor(atMs / spanMs);
}

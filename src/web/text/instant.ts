// Locale output of months varies ("Sept", "Sep"), the format of the product does not.
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
	const known = formatters.get(timeZone);
	if (known) return known;
	const made = new Intl.DateTimeFormat('en-US-u-nu-latn', {
		timeZone,
		hourCycle: 'h12',
		year: 'numeric',
		month: 'numeric',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
	});
	formatters.set(timeZone, made);
	return made;
}

function partsOf(atMs: number, timeZone: string): Map<string, string> {
	const parts = formatterOf(timeZone).formatToParts(atMs);
	return new Map(parts.map((part) => [part.type, part.value]));
}

/** `DD-MMM-YYYY hh:mm am`, in an IANA time zone. */
export function instantText(atMs: number, timeZone: string): string {
	const parts = partsOf(atMs, timeZone);
	return `${dayOf(parts)} ${clockOf(parts)}`;
}

/** `DD-MMM-YYYY`, in an IANA time zone. */
export function dayText(atMs: number, timeZone: string): string {
	return dayOf(partsOf(atMs, timeZone));
}

/** `hh:mm:ss am`, in an IANA time zone. */
export function clockSecondsText(atMs: number, timeZone: string): string {
	const parts = partsOf(atMs, timeZone);
	return clockOf(parts, `:${parts.get('second')}`);
}

/** `hh:mm am`, in an IANA time zone. */
export function clockText(atMs: number, timeZone: string): string {
	return clockOf(partsOf(atMs, timeZone));
}

function dayOf(parts: Map<string, string>): string {
	const month = months[Number(parts.get('month')) - 1];
	return `${parts.get('day')}-${month}-${parts.get('year')}`;
}

function clockOf(parts: Map<string, string>, seconds = ''): string {
	return `${parts.get('hour')}:${parts.get('minute')}${seconds} ${parts.get('dayPeriod')?.toLowerCase()}`;
}

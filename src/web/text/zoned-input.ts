/** What `<input type="datetime-local">` holds: the wall clock of an IANA time zone, `YYYY-MM-DDTHH:mm`. */
export function zonedInputText(atMs: number, timeZone: string): string {
	const parts = new Map(
		formatterOf(timeZone)
			.formatToParts(atMs)
			.map((part) => [part.type, part.value]),
	);
	const year = parts.get('year')?.padStart(4, '0');
	return `${year}-${parts.get('month')}-${parts.get('day')}T${parts.get('hour')}:${parts.get('minute')}`;
}

/** The day of an instant in an IANA time zone, `YYYY-MM-DD`. */
export function zonedDay(atMs: number, timeZone: string): string {
	return zonedInputText(atMs, timeZone).slice(0, 10);
}

/**
 * The instant (epoch milliseconds) at which clocks of the time zone show `YYYY-MM-DDTHH:mm`; null when the text is none.
 * Of an hour that comes twice the later, of one that is skipped the instant after.
 */
export function instantOfZonedInput(text: string, timeZone: string): number | null {
	const wallMs = Date.parse(`${text}Z`);
	if (Number.isNaN(wallMs)) return null;
	const offsetAt = (atMs: number) =>
		Date.parse(`${zonedInputText(atMs, timeZone)}Z`) - Math.floor(atMs / 60_000) * 60_000;
	const guessMs = wallMs - offsetAt(wallMs);
	return wallMs - offsetAt(guessMs);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
	const known = formatters.get(timeZone);
	if (known) return known;
	const made = new Intl.DateTimeFormat('en-US-u-nu-latn', {
		timeZone,
		hourCycle: 'h23',
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
	});
	formatters.set(timeZone, made);
	return made;
}

import { catalogue } from './catalogue.ts';

const text = catalogue({
	seconds: '{count}s ago',
	minutes: '{count}m ago',
	hours: '{count}h ago',
	days: '{count}d ago',
});

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long ago something was, in its largest whole unit: `49s ago`, `3h ago`. What lies ahead counts as now. */
export function ageText(ageMs: number): string {
	const age = Math.max(0, ageMs);
	if (age < minuteMs) return text('seconds', { count: Math.floor(age / 1000) });
	if (age < hourMs) return text('minutes', { count: Math.floor(age / minuteMs) });
	if (age < 2 * dayMs) return text('hours', { count: Math.floor(age / hourMs) });
	return text('days', { count: Math.floor(age / dayMs) });
}

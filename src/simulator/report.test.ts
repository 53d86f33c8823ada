import { expect, it } from 'vitest';
import { Report } from './report.ts';

it('says a trouble at once, then once a minute with how often it happened', () => {
	const lines: string[] = [];
	const report = new Report((line) => lines.push(line));
	report.trouble('refused', 'EV-1', 0);
	report.trouble('refused', 'EV-2', 1_000);
	report.trouble('refused', 'EV-1', 59_999);
	report.trouble('closed', 'EV-1', 59_999);
	report.trouble('refused', 'EV-1', 60_000);
	expect(lines).toEqual([
		'EV-1: refused',
		'EV-1: closed',
		'EV-1: refused (and 2 times more since the last line)',
	]);
});

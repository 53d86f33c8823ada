import { text } from '../text.ts';

/** First match counts: browsers name those that they descend from, too. */
const browsers: readonly (readonly [RegExp, string])[] = [
	[/\bEdg(e|A|iOS)?\//, 'Edge'],
	[/\b(OPR|OPT)\//, 'Opera'],
	[/\bSamsungBrowser\//, 'Samsung Internet'],
	[/\b(Firefox|FxiOS)\//, 'Firefox'],
	[/\b(HeadlessChrome|Chrome|Chromium|CriOS)\//, 'Chrome'],
	[/\bVersion\/[\d.]+.* Safari\//, 'Safari'],
];

const systems: readonly (readonly [RegExp, string])[] = [
	[/\biPhone\b/, 'iPhone'],
	[/\biPad\b/, 'iPad'],
	[/\bAndroid\b/, 'Android'],
	[/\bWindows\b/, 'Windows'],
	[/\bCrOS\b/, 'ChromeOS'],
	[/\bMacintosh\b/, 'macOS'],
	[/\bLinux\b/, 'Linux'],
];

/** Browser and system in words, as far as the user agent tells. */
export function browserWords(userAgent: string): string {
	const named = (list: typeof browsers) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
	const [browser, system] = [named(browsers), named(systems)];
	if (browser !== undefined && system !== undefined) return text('browserOn', { browser, system });
	return browser ?? system ?? text('unknownBrowser');
}

import { createContext, type ReactNode, use, useMemo } from 'react';
import { clockSecondsText, clockText, dayText, instantText } from './instant.ts';
import { numberText } from './number.ts';

/** How the organization writes instants and numbers. */
export interface Region {
	/** `DD-MMM-YYYY hh:mm am` in the organization's time zone. */
	instant(atMs: number): string;
	/** `DD-MMM-YYYY` in the organization's time zone. */
	day(atMs: number): string;
	/** `hh:mm am` in the organization's time zone. */
	clock(atMs: number): string;
	/** `hh:mm:ss am` in the organization's time zone. */
	clockSeconds(atMs: number): string;
	number(value: number, maxDecimals?: number): string;
}

const RegionContext = createContext<Region | null>(null);

interface RegionProviderProps {
	readonly timeZone: string;
	readonly locale: string;
	readonly children: ReactNode;
}

export function RegionProvider({ timeZone, locale, children }: RegionProviderProps) {
	const region = useMemo<Region>(
		() => ({
			instant: (atMs) => instantText(atMs, timeZone),
			day: (atMs) => dayText(atMs, timeZone),
			clock: (atMs) => clockText(atMs, timeZone),
			clockSeconds: (atMs) => clockSecondsText(atMs, timeZone),
			number: (value, maxDecimals) => numberText(value, locale, maxDecimals),
		}),
		[timeZone, locale],
	);
	return <RegionContext value={region}>{children}</RegionContext>;
}

/** The organization's way of writing instants and numbers; only inside the shell. */
export function useRegion(): Region {
	const region = use(RegionContext);
	if (!region) throw new Error('useRegion needs a RegionProvider above it');
	return region;
}

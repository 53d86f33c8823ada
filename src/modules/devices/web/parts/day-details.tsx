import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useRegion } from '#web/text/region.tsx';
import { Data } from '#web/ui/data.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import type { TrackReply } from '../../contract.ts';
import { durationText } from '../device-facts.ts';
import type { Route } from '../route.ts';
import { text } from '../text.ts';
import classes from './day-details.module.css';

/** As many are named; the rest are counted. */
const namedAtMost = 5;

interface DayDetailsProps {
	readonly reply: TrackReply;
	readonly route: Route;
}

/** The day in numbers, and what in its record is not to be trusted. */
export function DayDetails({ reply, route }: DayDetailsProps) {
	const region = useRegion();
	const { track, readings, isReduced, distanceKm } = reply;
	const known = (column: readonly (number | null)[]) => column.filter((value) => value !== null);
	const speeds = known(track.speedKmh);
	const charges = known(track.socPct);
	const atMs = (place: number) => track.atMs[place] ?? 0;
	return (
		<div className={classes.details}>
			<Title order={4} className={classes.title}>
				{text('details')}
			</Title>
			<FactList>
				<Fact label={text('firstReading')}>
					<Data value={region.clockSeconds(atMs(0))} />
				</Fact>
				<Fact label={text('lastReading')}>
					<Data value={region.clockSeconds(track.atMs.at(-1) ?? 0)} />
				</Fact>
				<Fact label={text('readings')}>
					{isReduced
						? text('readingsShown', {
								count: region.number(readings),
								shown: region.number(track.atMs.length),
							})
						: region.number(readings)}
				</Fact>
				<Fact label={text('distance')}>
					<Data
						value={
							distanceKm === null
								? null
								: text('kilometres', { value: region.number(distanceKm, 1) })
						}
					/>
				</Fact>
				<Fact label={text('highestSpeed')}>
					<Data
						value={
							speeds.length === 0
								? null
								: `${region.number(speeds.reduce((a, b) => Math.max(a, b), 0))} ${text('unitSpeed')}`
						}
					/>
				</Fact>
				<Fact label={text('socUsed')}>
					<Data value={socText(charges, (value) => region.number(value, 1))} />
				</Fact>
				<Fact label={text('gaps')}>
					{route.gaps.length === 0 ? (
						text('noGaps')
					) : (
						<Named
							items={route.gaps.map(({ fromMs, toMs }) => ({
								key: fromMs,
								words: text('gapRow', {
									from: region.clock(fromMs),
									to: region.clock(toMs),
									duration: durationText((toMs - fromMs) / 1000),
								}),
							}))}
						/>
					)}
				</Fact>
				{route.jumps.length === 0 ? null : (
					<Fact label={text('jumps')}>
						<Named
							items={route.jumps.map(({ to, distanceM }) => ({
								key: to,
								words: text('jumpRow', {
									time: region.clockSeconds(atMs(to)),
									distance: distanceText(distanceM, region.number),
								}),
							}))}
						/>
						<span className={classes.note}>{text('jumpNote')}</span>
					</Fact>
				)}
			</FactList>
		</div>
	);
}

interface NamedProps {
	readonly items: readonly { readonly key: number; readonly words: string }[];
}

function Named({ items }: NamedProps): ReactNode {
	return (
		<ul className={classes.named}>
			{items.slice(0, namedAtMost).map(({ key, words }) => (
				<li key={key}>
					<Data value={words} />
				</li>
			))}
			{items.length > namedAtMost ? (
				<li>{text('andMore', { count: items.length - namedAtMost })}</li>
			) : null}
		</ul>
	);
}

function socText(charges: readonly number[], write: (value: number) => string): string | null {
	const [first, last] = [charges.at(0), charges.at(-1)];
	if (first === undefined || last === undefined) return null;
	return `${write(first)} → ${write(last)} ${text('unitPercent')}`;
}

/** Metres below a kilometre, kilometres from there on. */
export function distanceText(
	metres: number,
	number: (value: number, maxDecimals?: number) => string,
): string {
	return metres < 1000
		? text('metres', { value: number(metres) })
		: text('kilometres', { value: number(metres / 1000, 1) });
}

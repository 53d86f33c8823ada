import { Tooltip } from '@mantine/core';
import { IconClockExclamation } from '@tabler/icons-react';
import { memo } from 'react';
import { isLiveAt } from '#contract/status.ts';
import { productStatusLabels } from '#modules/products/contract.ts';
import { serverNowMs } from '#web/clock/server-clock.ts';
import { useEverySecond } from '#web/clock/use-every-second.ts';
import { useRegion } from '#web/text/region.tsx';
import { Age } from '#web/ui/age.tsx';
import { ChargeBar } from '#web/ui/charge-bar.tsx';
import { LiveValue } from '#web/ui/live-value.tsx';
import { SignalBars } from '#web/ui/signal-bars.tsx';
import { StatusBadge } from '#web/ui/status-badge.tsx';
import type { FleetRow } from '../../contract.ts';
import { isEngine, isStale, knownSignal, knownSpeedKmh } from '../telemetry.ts';
import { text } from '../text.ts';
import classes from './cells.module.css';

// Once a second some rows change; the cells of all others must not be drawn again, hence `memo`.

interface CellProps {
	readonly row: FleetRow;
}

export const StatusCell = memo(function StatusCell({ row }: CellProps) {
	return (
		<LiveValue value={row.status}>
			<StatusBadge status={row.status} family={row.family} />
		</LiveValue>
	);
});

/** When the device was last heard, in the organization's time zone, and how long ago that is. */
export const LastHeardCell = memo(function LastHeardCell({ row }: CellProps) {
	const region = useRegion();
	if (row.lastHeardAtMs === null) return <>{text('never')}</>;
	return (
		<span className={classes.lastHeard}>
			<span className={classes.data}>{region.instant(row.lastHeardAtMs)}</span>
			<span className={classes.age}>
				<Age atMs={row.lastHeardAtMs} />
			</span>
			{row.clockWrong ? (
				<Tooltip label={text('clockWrong')}>
					<IconClockExclamation
						size={15}
						stroke={1.8}
						className={classes.clockWrong}
						role="img"
						aria-label={text('clockWrong')}
					/>
				</Tooltip>
			) : null}
		</span>
	);
});

/** State of charge of a vehicle, battery voltage of an engine controller. */
export const PowerCell = memo(function PowerCell({ row }: CellProps) {
	const region = useRegion();
	if (isEngine(row)) {
		return (
			<LiveValue value={row.batteryV}>
				{row.batteryV === null
					? text('none')
					: text('volts', { value: region.number(row.batteryV, 1) })}
			</LiveValue>
		);
	}
	return <SocCell row={row} />;
});

/** State of charge. */
export const SocCell = memo(function SocCell({ row }: CellProps) {
	return (
		<LiveValue value={row.socPct === null ? null : Math.round(row.socPct)}>
			{row.socPct === null ? (
				text('none')
			) : (
				<ChargeBar socPct={row.socPct} isStale={isStale(row)} />
			)}
		</LiveValue>
	);
});

/** Whether the device was heard within as many of its reporting intervals as a live one is. */
export const ConnectionCell = memo(function ConnectionCell({ row }: CellProps) {
	const isLive = useEverySecond(() => isLiveAt(row, serverNowMs()));
	return (
		<span className={classes.connection} data-live={isLive || undefined}>
			{text(isLive ? 'isLive' : 'isNotLive')}
		</span>
	);
});

export const ProductStatusCell = memo(function ProductStatusCell({ row }: CellProps) {
	return <>{row.productStatus === null ? text('none') : productStatusLabels[row.productStatus]}</>;
});

export const SpeedCell = memo(function SpeedCell({ row }: CellProps) {
	return <NumberCell value={knownSpeedKmh(row)} />;
});

export const SignalCell = memo(function SignalCell({ row }: CellProps) {
	const signal = knownSignal(row);
	return (
		<LiveValue value={signal}>
			{signal === null ? text('none') : <SignalBars signal={signal} />}
		</LiveValue>
	);
});

interface NumberCellProps {
	readonly value: number | null;
}

/** A whole number as the organization writes it. */
export const NumberCell = memo(function NumberCell({ value }: NumberCellProps) {
	const region = useRegion();
	const written = value === null ? text('none') : region.number(value);
	return <LiveValue value={written}>{written}</LiveValue>;
});

interface YesNoCellProps {
	readonly value: boolean | null;
	readonly yes: string;
	readonly no: string;
}

export const YesNoCell = memo(function YesNoCell({ value, yes, no }: YesNoCellProps) {
	return <LiveValue value={value}>{value === null ? text('none') : value ? yes : no}</LiveValue>;
});

interface CoordinateCellProps {
	readonly degrees: number | null;
}

/** Degrees to five decimals, about a metre. */
export const CoordinateCell = memo(function CoordinateCell({ degrees }: CoordinateCellProps) {
	const written = degrees === null ? text('none') : degrees.toFixed(5);
	return <LiveValue value={written}>{written}</LiveValue>;
});

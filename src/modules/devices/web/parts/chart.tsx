import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useRegion } from '#web/text/region.tsx';
import { drawnText, fieldLabel, fieldUnit } from '../fields.ts';
import { extentOf, type Line } from '../series-line.ts';
import { text } from '../text.ts';
import classes from './chart.module.css';
import { chartHeightPx, chartOptions } from './chart-options.ts';

interface ChartProps {
	readonly field: string;
	readonly line: Line;
	/** Time shown, epoch milliseconds. */
	readonly fromMs: number;
	readonly toMs: number;
	/** Charts with the same key share their cursor. */
	readonly syncKey: string;
	/** Marked in the chart; null for none. */
	readonly markAtMs?: number | null;
	/** Somebody dragged across a time. Without it there is no zooming. */
	readonly onZoom?: (fromMs: number, toMs: number) => void;
	/** The cursor is at an instant, or has left. */
	readonly onPoint?: (atMs: number | null) => void;
}

/** One field over time. Its values as a table are the page's business: a picture cannot be read out. */
export function Chart(props: ChartProps) {
	const { field, line, fromMs, toMs, syncKey, markAtMs = null } = props;
	const region = useRegion();
	const scheme = useComputedColorScheme('light');
	const { ref: sizeRef, width } = useElementSize();
	const frame = useRef<HTMLDivElement>(null);
	const ref = useMergedRef(sizeRef, frame);
	const readout = useRef<HTMLSpanElement>(null);
	const mark = useRef<HTMLDivElement>(null);
	const plot = useRef<uPlot | null>(null);
	const latest = useRef(props);
	useEffect(() => {
		latest.current = props;
	});

	const unit = fieldUnit(field);
	const extent = extentOf(line);
	const write = (value: number) => drawnText(field, value, region);

	// biome-ignore lint/correctness/useExhaustiveDependencies: built anew only where uPlot cannot change what it has; data and size follow below
	useEffect(() => {
		const element = frame.current;
		if (element === null || width === 0) return;
		const made = new uPlot(
			chartOptions({
				field,
				width,
				syncKey,
				region,
				canZoom: latest.current.onZoom !== undefined,
				style: getComputedStyle(element),
				onZoom: (from, to) => latest.current.onZoom?.(from, to),
				onCursor: (atMs, value) => {
					if (readout.current !== null) {
						readout.current.textContent =
							atMs === null || value === null
								? ''
								: `${region.clockSeconds(atMs)}  ${write(value)} ${unit}`;
					}
					latest.current.onPoint?.(atMs);
				},
			}),
			[[...line.atMs], [...line.values]],
			element,
		);
		made.setScale('x', { min: latest.current.fromMs, max: latest.current.toMs });
		plot.current = made;
		if (mark.current !== null) made.over.append(mark.current);
		const over = mark.current;
		return () => {
			// React goes on owning the mark.
			if (over !== null) element.append(over);
			made.destroy();
			plot.current = null;
		};
	}, [field, syncKey, region, scheme, width === 0]);

	useEffect(() => {
		if (width > 0) plot.current?.setSize({ width, height: chartHeightPx });
	}, [width]);
	useEffect(() => {
		const made = plot.current;
		if (made === null) return;
		made.batch(() => {
			made.setData([[...line.atMs], [...line.values]], false);
			made.setScale('x', { min: fromMs, max: toMs });
		});
	}, [line, fromMs, toMs]);
	useEffect(() => {
		const made = plot.current;
		const element = mark.current;
		if (made === null || element === null) return;
		element.hidden = markAtMs === null;
		if (markAtMs !== null) element.style.left = `${made.valToPos(markAtMs, 'x')}px`;
	});

	const name = fieldLabel(field);
	return (
		<figure className={classes.chart}>
			<figcaption className={classes.caption}>
				<span className={classes.name}>
					{name}
					{unit === '' ? null : <span className={classes.unit}>{unit}</span>}
				</span>
				<span ref={readout} className={classes.readout} aria-hidden="true" />
				{extent === null ? (
					<span className={classes.none}>{text('noReadings')}</span>
				) : (
					<span className={classes.extent} aria-hidden="true">
						{text('lowestHighest', {
							lowest: write(extent.lowest),
							highest: write(extent.highest),
						})}
					</span>
				)}
			</figcaption>
			<div
				ref={ref}
				className={classes.plot}
				style={{ blockSize: chartHeightPx }}
				role="img"
				aria-label={
					extent === null
						? text('chartEmpty', { name })
						: text('chartOf', {
								name,
								from: region.instant(fromMs),
								to: region.instant(toMs),
								lowest: write(extent.lowest),
								highest: write(extent.highest),
								last: write(extent.last),
							})
				}
			>
				<div ref={mark} className={classes.mark} hidden />
			</div>
		</figure>
	);
}

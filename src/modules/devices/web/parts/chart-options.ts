import uPlot from 'uplot';
import type { Region } from '#web/text/region.tsx';
import { drawnText, isSwitch } from '../fields.ts';

const dayMs = 86_400_000;
export const chartHeightPx = 132;
/** Narrower is a click that slipped, not a choice. */
const minDragPx = 4;

interface ChartFacts {
	readonly field: string;
	readonly width: number;
	readonly syncKey: string;
	readonly region: Region;
	readonly canZoom: boolean;
	/** Of the chart's place on the page: colours and font. */
	readonly style: CSSStyleDeclaration;
	onZoom(fromMs: number, toMs: number): void;
	onCursor(atMs: number | null, value: number | null): void;
}

const stepped = uPlot.paths.stepped?.({ align: 1 });

/** How a chart looks and what it answers to. */
export function chartOptions(facts: ChartFacts): uPlot.Options {
	const { field, region, style } = facts;
	const colour = (name: string) => style.getPropertyValue(name).trim();
	const axis: uPlot.Axis = {
		stroke: colour('--text-dim'),
		font: `11px ${style.fontFamily}`,
		grid: { stroke: colour('--line'), width: 1 },
		ticks: { show: false },
	};
	return {
		width: facts.width,
		height: chartHeightPx,
		ms: 1,
		legend: { show: false },
		padding: [8, 26, 0, 0],
		scales: {
			// What the page asks for is shown, also where it holds nothing.
			x: { time: false, auto: false },
			y: { range: (_, lowest, highest) => valueRange(field, lowest, highest) },
		},
		axes: [
			{
				...axis,
				size: 24,
				space: 84,
				incrs: timeSteps,
				values: (_, splits, __, ___, stepMs) =>
					splits.map((atMs) => timeText(atMs, stepMs, region)),
			},
			{
				...axis,
				size: 58,
				space: 30,
				gap: 6,
				values: (_, splits) => splits.map((value) => tickText(field, value, region)),
			},
		],
		series: [
			{},
			{
				stroke: colour('--accent'),
				width: 1.5,
				fill: `color-mix(in srgb, ${colour('--accent')} 9%, transparent)`,
				points: { size: 5 },
				spanGaps: false,
				// A switch holds its value until the next reading.
				...(isSwitch(field) && stepped && { paths: stepped }),
			},
		],
		cursor: {
			y: false,
			points: { size: 7 },
			drag: { x: facts.canZoom, y: false, setScale: false },
			sync: {
				key: facts.syncKey,
				scales: ['x', null],
				// Each chart would answer to the same drag otherwise.
				filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave', sub: () => true },
			},
		},
		hooks: {
			setCursor: [
				(plot) => {
					const place = plot.cursor.idx;
					const isInside = place !== null && place !== undefined && (plot.cursor.left ?? -1) >= 0;
					facts.onCursor(
						isInside ? (plot.data[0][place] ?? null) : null,
						isInside ? (plot.data[1]?.[place] ?? null) : null,
					);
				},
			],
			setSelect: [
				(plot) => {
					const { left, width } = plot.select;
					if (width < minDragPx) return;
					facts.onZoom(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
					plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
				},
			],
		},
	};
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Distances of the marks on the time axis. */
const timeSteps = [
	...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000),
	...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
	...[1, 2, 3, 6, 12].map((hours) => hours * hourMs),
	...[1, 2, 4, 7, 14, 28, 56, 112].map((days) => days * dayMs),
];

/** The day, the minute or the second, whichever the marks' distance asks for. */
function timeText(atMs: number, stepMs: number, region: Region): string {
	if (stepMs >= dayMs) return region.day(atMs).slice(0, 'DD-MMM'.length);
	return stepMs >= minuteMs ? region.clock(atMs) : region.clockSeconds(atMs);
}

/** Room above and below; percentages and switches always stand on the same scale. */
function valueRange(
	field: string,
	lowest: number | null,
	highest: number | null,
): [number, number] {
	if (field === 'soc_pct') return [0, 100];
	if (isSwitch(field)) return [-0.1, 1.1];
	if (lowest === null || highest === null) return [0, 1];
	const room = lowest === highest ? Math.max(1, Math.abs(lowest) * 0.1) : (highest - lowest) * 0.08;
	return [lowest >= 0 ? Math.max(0, lowest - room) : lowest - room, highest + room];
}

function tickText(field: string, value: number, region: Region): string {
	if (!isSwitch(field)) return region.number(value, 2);
	return value === 0 || value === 1 ? drawnText(field, value, region) : '';
}

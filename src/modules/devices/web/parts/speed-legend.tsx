import { speedBandsKmh } from '../route-drawing.ts';
import { text } from '../text.ts';
import lines from './route-view.module.css';
import classes from './speed-legend.module.css';

/** What the colours of the line mean. */
export function SpeedLegend({ speedsKmh }: { readonly speedsKmh: readonly (number | null)[] }) {
	const entries = speedBandsKmh.map((from, band) => {
		const to = speedBandsKmh[band + 1];
		const words =
			to === undefined ? text('speedFrom', { from }) : text('speedFromTo', { from, to });
		return { band, words };
	});
	return (
		<ul className={classes.legend} aria-label={text('speedLegend')}>
			{entries.map(({ band, words }) => (
				<LegendEntry key={band} band={band} words={words} />
			))}
			{speedsKmh.includes(null) ? <LegendEntry words={text('speedUnknown')} /> : null}
		</ul>
	);
}

function LegendEntry({ band, words }: { readonly band?: number; readonly words: string }) {
	return (
		<li>
			<svg className={classes.swatch} aria-hidden>
				<path d="M3 4H15" className={lines.line} data-band={band} />
			</svg>
			{words}
		</li>
	);
}

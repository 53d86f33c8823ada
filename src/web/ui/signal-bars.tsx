import classes from './signal-bars.module.css';
import { text } from './text.ts';

/** From these values of AT+CSQ (3GPP TS 27.007) on, the next bar is lit: marginal, fair, good, strong. */
const barFrom = [2, 10, 15, 20];

interface SignalBarsProps {
	/** 0 to 31. */
	readonly signal: number;
}

/** Strength of the mobile signal as four bars and its number. */
export function SignalBars({ signal }: SignalBarsProps) {
	return (
		<span className={classes.signal}>
			<svg
				viewBox="0 0 15 12"
				width="15"
				height="12"
				role="img"
				aria-label={text('signal', { value: signal })}
			>
				{barFrom.map((from, index) => (
					<rect
						key={from}
						x={index * 4}
						y={9 - index * 3}
						width="3"
						height={3 + index * 3}
						rx="0.8"
						fill={signal >= from ? 'currentColor' : 'var(--track)'}
					/>
				))}
			</svg>
			<span aria-hidden="true">{signal}</span>
		</span>
	);
}

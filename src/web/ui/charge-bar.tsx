import classes from './charge-bar.module.css';
import { text } from './text.ts';

const emptyBelowPct = 10;
const lowBelowPct = 25;

interface ChargeBarProps {
	readonly socPct: number;
	/** Grey, when the value is too old to warn about. */
	readonly isStale: boolean;
}

/** State of charge as a bar and a number. */
export function ChargeBar({ socPct, isStale }: ChargeBarProps) {
	const rounded = Math.round(socPct);
	return (
		<span className={classes.charge}>
			<span
				className={classes.track}
				role="img"
				aria-label={text('stateOfCharge', { value: rounded })}
			>
				<span
					className={classes.level}
					style={{ inlineSize: `${socPct}%`, background: levelColour(socPct, isStale) }}
				/>
			</span>
			<span aria-hidden="true">{rounded}%</span>
		</span>
	);
}

function levelColour(socPct: number, isStale: boolean): string {
	if (isStale) return 'var(--level-stale)';
	if (socPct < emptyBelowPct) return 'var(--level-empty)';
	return socPct < lowBelowPct ? 'var(--level-low)' : 'var(--level-good)';
}

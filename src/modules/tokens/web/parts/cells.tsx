import { Age } from '#web/ui/age.tsx';
import { Instant } from '#web/ui/instant.tsx';
import { type TokenRow, tokenStateLabels } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './cells.module.css';

interface CellProps {
	readonly row: TokenRow;
}

export function StateCell({ row: { state } }: CellProps) {
	return (
		<span className={classes.state} data-state={state}>
			{tokenStateLabels[state]}
		</span>
	);
}

export function ExpiryCell({ row: { expiresAtMs } }: CellProps) {
	if (expiresAtMs === null) return text('never');
	return <Instant atMs={expiresAtMs} />;
}

/** When it was last used, in the organization's time zone, and how long ago that is. */
export function LastUsedCell({ row: { lastUsedAtMs } }: CellProps) {
	if (lastUsedAtMs === null) return text('notUsed');
	return (
		<span className={classes.lastUsed}>
			<Instant atMs={lastUsedAtMs} />
			<span className={classes.age}>
				<Age atMs={lastUsedAtMs} />
			</span>
		</span>
	);
}

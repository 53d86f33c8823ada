import { type TokenRow, tokenKindLabels } from '../../contract.ts';
import { text } from '../text.ts';
import { ExpiryCell, LastUsedCell, StateCell } from './cells.tsx';
import classes from './token-card.module.css';

interface TokenCardProps {
	readonly row: TokenRow;
}

/** A token on a phone: what matters most. */
export function TokenCard({ row }: TokenCardProps) {
	const devices = text(row.isRestricted ? 'chosenDevices' : 'allDevices');
	return (
		<span className={classes.card}>
			<span className={classes.name}>{row.name}</span>
			<StateCell row={row} />
			<span className={classes.dim}>{row.ownerEmail}</span>
			<span className={classes.dim}>{tokenKindLabels[row.kind]}</span>
			<span className={classes.whole}>
				<span>{text('devices')}</span>
				<span>{devices}</span>
			</span>
			<span className={classes.whole}>
				<span>{text('expires')}</span>
				<ExpiryCell row={row} />
			</span>
			<span className={classes.whole}>
				<span>{text('lastUsed')}</span>
				<LastUsedCell row={row} />
			</span>
		</span>
	);
}

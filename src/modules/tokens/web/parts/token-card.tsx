import { CardDim, CardLine, RowCard } from '#web/ui/row-card.tsx';
import { type TokenRow, tokenKindLabels } from '../../contract.ts';
import { text } from '../text.ts';
import { ExpiryCell, LastUsedCell, StateCell } from './cells.tsx';

interface TokenCardProps {
	readonly row: TokenRow;
}

/** A token on a phone: what matters most. */
export function TokenCard({ row }: TokenCardProps) {
	const devices = text(row.isRestricted ? 'chosenDevices' : 'allDevices');
	return (
		<RowCard name={row.name} state={<StateCell row={row} />}>
			<CardDim>{row.ownerEmail}</CardDim>
			<CardDim>{tokenKindLabels[row.kind]}</CardDim>
			<CardLine>
				<span>{text('devices')}</span>
				<span>{devices}</span>
			</CardLine>
			<CardLine>
				<span>{text('expires')}</span>
				<ExpiryCell row={row} />
			</CardLine>
			<CardLine>
				<span>{text('lastUsed')}</span>
				<LastUsedCell row={row} />
			</CardLine>
		</RowCard>
	);
}

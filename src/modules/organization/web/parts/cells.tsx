import type { OrganizationRow } from '../../contract.ts';
import { text } from '../text.ts';

interface CellProps {
	readonly row: OrganizationRow;
}

/** What the organization is to whoever looks. */
export function YouCell({ row: { isHere, isHome } }: CellProps) {
	if (isHere) return <strong>{text('here')}</strong>;
	return <>{isHome ? text('home') : null}</>;
}

export function HostsCell({ row: { hosts } }: CellProps) {
	return <bdi>{hosts.length === 0 ? text('anyHost') : hosts.join(', ')}</bdi>;
}

import { Table } from '@mantine/core';
import { useRegion } from '#web/text/region.tsx';
import { Card } from '#web/ui/card.tsx';
import { type Connection, keptConnections } from '../../contract.ts';
import { text } from '../text.ts';
import { reasonText, transportText } from '../words.ts';
import classes from './history-table.module.css';

interface HistoryTableProps {
	readonly connections: readonly Connection[];
}

/** The device's connections, newest first. */
export function HistoryTable({ connections }: HistoryTableProps) {
	const region = useRegion();
	const count = (value: number | null) => (value === null ? text('none') : region.number(value));
	return (
		<Card title={text('history')}>
			{connections.length === 0 ? <p className={classes.note}>{text('historyNone')}</p> : null}
			{connections.length === 0 ? null : (
				<>
					{/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a keyboard has to reach that. */}
					<section className={classes.frame} tabIndex={0} aria-label={text('historyTable')}>
						<Table aria-label={text('historyTable')} verticalSpacing={6}>
							<Table.Thead>
								<Table.Tr>
									<Table.Th>{text('from')}</Table.Th>
									<Table.Th>{text('until')}</Table.Th>
									<Table.Th>{text('why')}</Table.Th>
									<Table.Th>{text('transport')}</Table.Th>
									<Table.Th>{text('address')}</Table.Th>
									<Table.Th>{text('clientId')}</Table.Th>
									<Table.Th className={classes.number}>{text('messages')}</Table.Th>
									<Table.Th className={classes.number}>{text('volume')}</Table.Th>
								</Table.Tr>
							</Table.Thead>
							<Table.Tbody>
								{connections.map((each, place) => (
									// biome-ignore lint/suspicious/noArrayIndexKey: two connections can begin in one millisecond.
									<Table.Tr key={`${each.connectedAtMs} ${place}`}>
										<Table.Td>{region.instant(each.connectedAtMs)}</Table.Td>
										<Table.Td>
											{each.endedAtMs === null ? text('open') : region.instant(each.endedAtMs)}
										</Table.Td>
										<Table.Td>
											{each.reason === null ? text('none') : reasonText(each.reason)}
										</Table.Td>
										<Table.Td>{transportText(each.transport)}</Table.Td>
										<Table.Td>
											<bdi>{each.address}</bdi>
										</Table.Td>
										<Table.Td className={classes.clientId}>
											<bdi>{each.clientId || text('none')}</bdi>
										</Table.Td>
										<Table.Td className={classes.number}>{count(each.messages)}</Table.Td>
										<Table.Td className={classes.number}>{count(each.bytes)}</Table.Td>
									</Table.Tr>
								))}
							</Table.Tbody>
						</Table>
					</section>
					<p className={classes.note}>
						{text('historyKept', { count: region.number(keptConnections) })}
					</p>
				</>
			)}
		</Card>
	);
}

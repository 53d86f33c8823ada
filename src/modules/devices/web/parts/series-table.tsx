import { Table } from '@mantine/core';
import { useMemo } from 'react';
import { useRegion } from '#web/text/region.tsx';
import { Data } from '#web/ui/data.tsx';
import type { Series } from '../../contract.ts';
import { drawnText, fieldLabel, fieldUnit } from '../fields.ts';
import { rowsOf } from '../series-line.ts';
import { text } from '../text.ts';
import classes from './series-table.module.css';

const maxRows = 200;

interface SeriesTableProps {
	readonly series: readonly Series[];
}

/** The charts' values in words and numbers, newest first. */
export function SeriesTable({ series }: SeriesTableProps) {
	const region = useRegion();
	const rows = useMemo(() => rowsOf(series), [series]);
	if (rows.length === 0) return <p className={classes.note}>{text('noReadings')}</p>;
	return (
		<>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
			<section className={classes.scroll} aria-label={text('seriesTable')} tabIndex={0}>
				<Table stickyHeader verticalSpacing={5} fz={13}>
					<Table.Thead>
						<Table.Tr>
							<Table.Th>{text('time')}</Table.Th>
							{series.map(({ field }) => (
								<Table.Th key={field} className={classes.number}>
									{[fieldLabel(field), fieldUnit(field)].filter((part) => part !== '').join(', ')}
								</Table.Th>
							))}
						</Table.Tr>
					</Table.Thead>
					<Table.Tbody>
						{rows.slice(0, maxRows).map(({ atMs, cells }) => (
							<Table.Tr key={atMs}>
								<Table.Td>
									<Data value={`${region.day(atMs)} ${region.clockSeconds(atMs)}`} />
								</Table.Td>
								{series.map(({ field }, place) => {
									const value = cells[place];
									return (
										<Table.Td key={field} className={classes.number}>
											<Data value={value === undefined ? '' : drawnText(field, value, region)} />
										</Table.Td>
									);
								})}
							</Table.Tr>
						))}
					</Table.Tbody>
				</Table>
			</section>
			{rows.length > maxRows ? (
				<p className={classes.note}>
					{text('rowsShown', {
						shown: region.number(maxRows),
						count: region.number(rows.length),
					})}
				</p>
			) : null}
		</>
	);
}

import { UnstyledButton } from '@mantine/core';
import { DataTable, type DataTableColumn } from 'mantine-datatable';
import { type KeyboardEvent, memo, useMemo } from 'react';
import { SortHeader } from '#web/ui/sort-header.tsx';
import type { FleetRow, FleetSort } from '../../contract.ts';
import type { ConsoleAddress } from '../console-address.ts';
import { identityOf, isStale } from '../telemetry.ts';
import { text } from '../text.ts';
import {
	LastHeardCell,
	NumberCell,
	PowerCell,
	SignalCell,
	SpeedCell,
	StatusCell,
	TextCell,
} from './cells.tsx';
import classes from './fleet-table.module.css';

interface FleetTableProps {
	readonly rows: readonly FleetRow[];
	readonly address: ConsoleAddress;
	readonly onSort: (sort: FleetSort) => void;
	readonly onOpen: (row: FleetRow) => void;
}

/** The devices as a table: identity pinned, then status, last heart beat and telemetry. */
export const FleetTable = memo(function FleetTable({
	rows,
	address,
	onSort,
	onOpen,
}: FleetTableProps) {
	const { sort, direction, row: openId } = address;
	// One row is in the tab order; arrow keys lead to the others.
	const tabStop = rows.find((row) => row.deviceId === openId) ?? rows[0];

	const columns = useMemo<DataTableColumn<FleetRow>[]>(() => {
		function title(label: string, by: FleetSort) {
			return (
				<SortHeader
					label={label}
					direction={by === sort ? direction : null}
					onSort={() => onSort(by)}
				/>
			);
		}
		const dimmed = (row: FleetRow) => (isStale(row) ? classes.dim : undefined);
		return [
			{
				accessor: 'vin',
				title: title(text('identity'), 'vin'),
				width: 206,
				render: (row) => (
					<UnstyledButton
						className={classes.identity}
						data-row-button
						aria-label={text('openDetails', { name: identityOf(row) })}
						aria-current={row.deviceId === openId ? 'true' : undefined}
						onKeyDown={moveFocus}
						tabIndex={row.deviceId === tabStop?.deviceId ? 0 : -1}
					>
						{identityOf(row)}
					</UnstyledButton>
				),
			},
			{
				accessor: 'status',
				title: title(text('status'), 'status'),
				width: 164,
				render: (row) => <StatusCell row={row} />,
			},
			{
				accessor: 'lastHeardAtMs',
				title: title(text('lastHeard'), 'last_heard'),
				width: 252,
				cellsClassName: dimmed,
				render: (row) => <LastHeardCell row={row} />,
			},
			{
				accessor: 'socPct',
				title: title(text('power'), 'soc'),
				width: 132,
				cellsClassName: dimmed,
				render: (row) => <PowerCell row={row} />,
			},
			{
				accessor: 'rangeKm',
				title: title(text('range'), 'range'),
				width: 106,
				textAlign: 'right',
				cellsClassName: dimmed,
				render: (row) => <NumberCell value={row.rangeKm} />,
			},
			{
				accessor: 'odometerKm',
				title: title(text('odometer'), 'odometer'),
				width: 128,
				textAlign: 'right',
				cellsClassName: dimmed,
				render: (row) => <NumberCell value={row.odometerKm} />,
			},
			{
				accessor: 'speedKmh',
				title: title(text('speed'), 'speed'),
				width: 84,
				textAlign: 'right',
				cellsClassName: dimmed,
				render: (row) => <SpeedCell row={row} />,
			},
			{
				accessor: 'signal',
				title: title(text('signal'), 'signal'),
				width: 96,
				cellsClassName: dimmed,
				render: (row) => <SignalCell row={row} />,
			},
			{
				accessor: 'firmware',
				title: title(text('firmware'), 'firmware'),
				width: 116,
				ellipsis: true,
				render: (row) => <TextCell value={row.firmware} />,
			},
			{
				accessor: 'customerName',
				title: title(text('customer'), 'customer'),
				width: 176,
				ellipsis: true,
				render: (row) => <TextCell value={row.customerName} />,
			},
			{
				accessor: 'dealerName',
				title: title(text('dealer'), 'dealer'),
				width: 160,
				ellipsis: true,
				render: (row) => <TextCell value={row.dealerName} />,
			},
			{
				accessor: 'deviceId',
				title: text('deviceId'),
				width: 164,
				ellipsis: true,
				render: (row) => <TextCell value={row.deviceId} />,
			},
			{
				accessor: 'telematicsId',
				title: text('telematicsId'),
				width: 150,
				ellipsis: true,
				render: (row) => <TextCell value={row.telematicsId} />,
			},
			{
				accessor: 'model',
				title: text('model'),
				width: 150,
				ellipsis: true,
				render: (row) => <TextCell value={row.model} />,
			},
		];
	}, [sort, direction, openId, tabStop, onSort]);

	return (
		<div className={classes.wrapper}>
			<DataTable
				aria-label={text('table')}
				className={classes.table}
				height="100%"
				idAccessor="deviceNo"
				columns={columns}
				records={[...rows]}
				pinFirstColumn
				highlightOnHover
				verticalAlign="center"
				onRowClick={({ record }) => onOpen(record)}
				rowClassName={(row) => (row.deviceId === openId ? classes.open : undefined)}
				customRowAttributes={(row) => ({ 'data-device-id': row.deviceId })}
				scrollAreaProps={{ type: 'auto', scrollbarSize: 10 }}
			/>
		</div>
	);
});

/** Arrow keys go from row to row; Enter then opens the one that has the focus. */
function moveFocus(event: KeyboardEvent<HTMLElement>) {
	if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
	event.preventDefault();
	const row = event.currentTarget.closest('tr');
	const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
	next?.querySelector<HTMLElement>('[data-row-button]')?.focus();
}

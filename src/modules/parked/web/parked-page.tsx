import { IconArchive, IconPlayerPlay } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useRegion } from '#web/text/region.tsx';
import type { GridDefinition } from '#web/ui/grid-page/grid.ts';
import { GridPage } from '#web/ui/grid-page/grid-page.tsx';
import { useGrid } from '#web/ui/grid-page/use-grid.ts';
import {
	discardParked,
	listParked,
	type ParkedPage as ParkedList,
	type ParkedRow,
	replayParked,
} from '../contract.ts';
import { MatchingActions } from './parts/matching-actions.tsx';
import { ParkedCard } from './parts/parked-card.tsx';
import { ParkedDetails } from './parts/parked-details.tsx';
import { ParkedSummary } from './parts/parked-summary.tsx';
import { ReplayProgress } from './parts/replay-progress.tsx';
import {
	deviceOptions,
	discard,
	readParked,
	reasonOptions,
	replay,
	replayQuery,
} from './queries.ts';
import { reasonText } from './reason-words.ts';
import { text } from './text.ts';

/** Messages that could not be read or stored. */
export default function ParkedPage() {
	const grid = useGrid(useDefinition());
	const { renew, choose } = grid;
	const replayed = useCallback(() => {
		choose([]);
		renew();
	}, [choose, renew]);
	return (
		<GridPage
			grid={grid}
			chips={
				<>
					<ReplayProgress onDone={replayed} />
					<MatchingActions grid={grid} />
				</>
			}
		/>
	);
}

function useDefinition(): GridDefinition<ParkedRow, ParkedList> {
	const region = useRegion();
	const queryClient = useQueryClient();
	return useMemo(() => {
		const count = (rows: readonly ParkedRow[]) => ({ count: region.number(rows.length) });
		const selectionOf = (rows: readonly ParkedRow[]) => ({
			parkedNos: rows.map(({ parkedNo }) => parkedNo),
		});
		return {
			key: 'parked',
			list: listParked,
			label: text('parkedTable'),
			columns: [
				{
					key: 'device',
					title: text('device'),
					sort: 'device',
					widthPx: 190,
					cell: (row) => row.deviceId,
				},
				{
					key: 'received',
					title: text('received'),
					sort: 'received',
					widthPx: 190,
					cell: (row) => region.instant(row.receivedAtMs),
				},
				{
					key: 'reason',
					title: text('reason'),
					sort: 'reason',
					widthPx: 190,
					cell: (row) => reasonText(row.reason),
				},
				{ key: 'detail', title: text('detail'), widthPx: 280, cell: (row) => row.detail },
				{ key: 'vin', title: text('vin'), widthPx: 180, cell: (row) => row.vin ?? text('none') },
				{ key: 'topic', title: text('topic'), widthPx: 240, cell: (row) => row.topic },
				{
					key: 'size',
					title: text('size'),
					sort: 'size',
					widthPx: 110,
					isNumber: true,
					cell: (row) => text('bytes', { count: region.number(row.sizeBytes) }),
				},
				{
					key: 'replays',
					title: text('replays'),
					widthPx: 130,
					isNumber: true,
					cell: (row) => region.number(row.replays),
				},
			],
			rowKey: (row) => String(row.parkedNo),
			rowName: (row) => text('rowName', { device: row.deviceId, no: row.parkedNo }),
			card: (row) => <ParkedCard row={row} />,
			filters: [
				{
					name: 'reason',
					label: text('reason'),
					anyLabel: text('anyReason'),
					options: reasonOptions,
				},
				{
					name: 'deviceId',
					label: text('device'),
					anyLabel: text('anyDevice'),
					options: deviceOptions,
					isSearched: true,
					labelIn: (row) => row.deviceId,
				},
			],
			searchLabel: text('search'),
			emptyIcon: IconArchive,
			emptyTitle: text('emptyTitle'),
			emptyDetail: text('emptyDetail'),
			noMatchTitle: text('noMatchTitle'),
			faultTitle: text('faultTitle'),
			detail: {
				read: readParked,
				summary: (row) => <ParkedSummary row={row} />,
				body: (row) => <ParkedDetails row={row} />,
			},
			remove: {
				endpoint: discardParked,
				label: text('discard'),
				what: (rows) => text('discardWhat', count(rows)),
				run: (rows, typed) => discard(selectionOf(rows), typed),
				done: (rows) => text('discarded', count(rows)),
			},
			actions: [
				{
					key: 'replay',
					label: text('replay'),
					icon: IconPlayerPlay,
					endpoint: replayParked,
					needs: 'some',
					suits: (row) => !row.isRetired,
					confirm: {
						what: (rows) => text('replayWhat', count(rows)),
						run: async (rows, typed) => {
							await replay(selectionOf(rows), typed);
							await queryClient.invalidateQueries(replayQuery);
						},
						done: (rows) => text('replayStarted', count(rows)),
					},
				},
			],
		};
	}, [region, queryClient]);
}

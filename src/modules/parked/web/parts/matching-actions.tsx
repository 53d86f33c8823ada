import { Button } from '@mantine/core';
import { IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isAdmitted } from '#contract/endpoint.ts';
import { useSession } from '#web/session/session.ts';
import { useRegion } from '#web/text/region.tsx';
import { ConfirmModal } from '#web/ui/confirm-modal.tsx';
import type { Grid } from '#web/ui/grid-page/use-grid.ts';
import { toastDone } from '#web/ui/toast.ts';
import { type ParkedPage, type ParkedRow, replayParked, type Selection } from '../../contract.ts';
import { discard, replay, replayQuery } from '../queries.ts';
import { text } from '../text.ts';
import classes from './matching-actions.module.css';

interface MatchingActionsProps {
	readonly grid: Grid<ParkedRow, ParkedPage>;
}

/** Replay or discard of everything that search and filters leave in the list, as far as it was there when it was read. */
export function MatchingActions({ grid: { address, page, renew } }: MatchingActionsProps) {
	const region = useRegion();
	const queryClient = useQueryClient();
	const { role } = useSession();
	const [asked, setAsked] = useState<'replay' | 'discard' | null>(null);
	const total = page.data?.total ?? 0;
	const newestNo = page.data?.newestNo ?? null;
	const isOffered = total > 0 && newestNo !== null && isAdmitted(replayParked.admits, role);
	if (!isOffered) return null;
	const count = { count: region.number(total) };
	// While another list is read, the count is still that of the one before.
	const isReady = !page.isPlaceholderData;
	const selection: Selection = { q: address.q, ...address.filters, newestNo };

	async function replayAll(typed: string) {
		await replay(selection, typed);
		await queryClient.invalidateQueries(replayQuery);
		toastDone(text('replayStarted', count));
	}
	async function discardAll(typed: string) {
		const { discarded } = await discard(selection, typed);
		toastDone(text('discarded', { count: region.number(discarded) }));
	}
	return (
		<div className={classes.actions}>
			<span className={classes.label}>{text('matching')}</span>
			<Button
				size="compact-sm"
				variant="default"
				disabled={!isReady}
				leftSection={<IconPlayerPlay size={15} stroke={1.7} />}
				onClick={() => setAsked('replay')}
			>
				{text('replayAll', count)}
			</Button>
			<Button
				size="compact-sm"
				variant="default"
				disabled={!isReady}
				leftSection={<IconTrash size={15} stroke={1.7} />}
				onClick={() => setAsked('discard')}
			>
				{text('discardAll', count)}
			</Button>
			<ConfirmModal
				opened={asked === 'replay'}
				onClose={() => setAsked(null)}
				onDone={renew}
				title={text('replay')}
				what={text('replayWhat', count)}
				onConfirm={replayAll}
			/>
			<ConfirmModal
				opened={asked === 'discard'}
				onClose={() => setAsked(null)}
				onDone={renew}
				title={text('discard')}
				what={text('discardWhat', count)}
				onConfirm={discardAll}
			/>
		</div>
	);
}

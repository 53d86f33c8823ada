import { Badge, Button, Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { useRegion } from '#web/text/region.tsx';
import { Age } from '#web/ui/age.tsx';
import { Card } from '#web/ui/card.tsx';
import { ConfirmModal } from '#web/ui/confirm-modal.tsx';
import { FaultNotice } from '#web/ui/notice.tsx';
import { toastDone } from '#web/ui/toast.ts';
import { type AccountSession, endOtherOwnSessions, endOwnSession } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './account-page.module.css';
import { browserWords } from './browser-words.ts';
import { sessionsQuery } from './queries.ts';

/** Where one is signed in, and the way to end that. */
export function SessionsCard() {
	const queryClient = useQueryClient();
	const sessions = useQuery(sessionsQuery);
	const rows = sessions.data?.rows ?? [];
	const others = rows.filter((row) => !row.isThis).length;
	const [ending, setEnding] = useState<AccountSession | null>(null);
	const [isEndingOthers, setIsEndingOthers] = useState(false);
	const readAnew = () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
	return (
		<Card
			title={text('sessions')}
			aside={
				others === 0 ? null : (
					<Button variant="default" onClick={() => setIsEndingOthers(true)}>
						{text('endOthers')}
					</Button>
				)
			}
		>
			<p className={classes.help}>{text('sessionsHelp')}</p>
			<FaultNotice>{sessions.error?.message ?? null}</FaultNotice>
			{sessions.isPending ? <Skeleton height={54} /> : null}
			<ul className={classes.list}>
				{rows.map((row) => (
					<SessionLine key={row.sessionId} row={row} onEnd={() => setEnding(row)} />
				))}
			</ul>
			<ConfirmModal
				opened={ending !== null}
				onClose={() => setEnding(null)}
				title={text('endTitle')}
				what={
					ending === null
						? null
						: text('endWhat', {
								browser: browserWords(ending.userAgent),
								address: ending.address || text('unknownAddress'),
							})
				}
				onConfirm={async (confirm) => {
					if (ending === null) return;
					const { sessionId } = ending;
					await call(endOwnSession, { params: { sessionId }, body: { confirm } });
					toastDone(text('ended'));
					await readAnew();
				}}
			/>
			<ConfirmModal
				opened={isEndingOthers}
				onClose={() => setIsEndingOthers(false)}
				title={text('endOthers')}
				what={text('endOthersWhat', { count: others })}
				onConfirm={async (confirm) => {
					await call(endOtherOwnSessions, { body: { confirm } });
					toastDone(text('endedOthers'));
					await readAnew();
				}}
			/>
		</Card>
	);
}

interface SessionLineProps {
	readonly row: AccountSession;
	readonly onEnd: () => void;
}

function SessionLine({ row, onEnd }: SessionLineProps) {
	const region = useRegion();
	const browser = browserWords(row.userAgent);
	return (
		<li className={classes.session}>
			<div>
				<p className={classes.browser}>
					{browser}
					{row.isThis ? (
						<Badge variant="light" radius="sm" tt="none">
							{text('thisOne')}
						</Badge>
					) : null}
				</p>
				<p className={classes.where}>
					<span className={classes.data}>{row.address || text('unknownAddress')}</span>
					{' · '}
					{text('since', { at: region.instant(row.sinceMs) })}
					{' · '}
					{text('seen')} <Age atMs={row.lastSeenAtMs} />
				</p>
			</div>
			{row.isThis ? null : (
				<Button variant="default" aria-label={`${text('end')}: ${browser}`} onClick={onEnd}>
					{text('end')}
				</Button>
			)}
		</li>
	);
}

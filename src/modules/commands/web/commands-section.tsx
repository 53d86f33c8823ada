import { Button, Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { noteServerTime } from '#web/clock/server-clock.ts';
import type { DeviceIdentity } from '#web/device-offer.ts';
import { useTopic } from '#web/live/feed.tsx';
import { LoadFault } from '#web/ui/load-fault.tsx';
import { commandsPageSize, deviceCommandsTopic } from '../contract.ts';
import classes from './commands-section.module.css';
import { CommandItem } from './parts/command-item.tsx';
import { commandsQuery } from './queries.ts';
import { text } from './text.ts';

interface CommandsSectionProps {
	readonly device: DeviceIdentity;
}

/** What the device was told to do and what came of it; the newest follow what happens. */
export default function CommandsSection({ device: { deviceId } }: CommandsSectionProps) {
	const queryClient = useQueryClient();
	const [page, setPage] = useState(1);
	const { data, error, refetch } = useQuery(commandsQuery(deviceId, page));
	useTopic(deviceCommandsTopic, { deviceId }, (newest) => {
		noteServerTime(newest.asOfMs);
		const { queryKey } = commandsQuery(deviceId, 1);
		// An answer that is still on its way is older, and must not overwrite this.
		void queryClient
			.cancelQueries({ queryKey, exact: true })
			.then(() => queryClient.setQueryData(queryKey, newest));
	});

	if (data === undefined && error !== null)
		return <LoadFault error={error} onRetry={() => void refetch()} />;
	if (data === undefined)
		return (
			<div className={classes.loading} aria-busy>
				<Skeleton height={20} width="60%" />
				<Skeleton height={40} />
			</div>
		);
	if (data.total === 0) return <p className={classes.none}>{text('noCommands')}</p>;

	const before = (page - 1) * commandsPageSize;
	const until = before + data.commands.length;
	return (
		<>
			<ul className={classes.list}>
				{data.commands.map((command) => (
					<CommandItem key={command.commandId} command={command} />
				))}
			</ul>
			{data.total <= commandsPageSize ? null : (
				<div className={classes.pager}>
					<span>{text('range', { from: before + 1, to: until, total: data.total })}</span>
					<Button
						size="compact-sm"
						variant="default"
						disabled={page === 1}
						onClick={() => setPage(page - 1)}
					>
						{text('newer')}
					</Button>
					<Button
						size="compact-sm"
						variant="default"
						disabled={until >= data.total}
						onClick={() => setPage(page + 1)}
					>
						{text('older')}
					</Button>
				</div>
			)}
		</>
	);
}

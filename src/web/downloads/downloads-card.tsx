import { ActionIcon, Button, Progress, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useSyncExternalStore } from 'react';
import { type Region, useRegion } from '#web/text/region.tsx';
import {
	cancelDownload,
	currentDownloads,
	type Download,
	dismissDownload,
	onDownloadsChanged,
} from './downloads.ts';
import classes from './downloads-card.module.css';
import { text } from './text.ts';

const shownWhenDoneMs = 6_000;

/** What is being downloaded, at the corner of every page, with its progress. */
export function DownloadsCard() {
	const downloads = useSyncExternalStore(onDownloadsChanged, currentDownloads);
	if (downloads.length === 0) return null;
	return (
		<section className={classes.card} aria-label={text('downloads')}>
			{downloads.map((download) => (
				<DownloadLine key={download.id} download={download} />
			))}
		</section>
	);
}

function DownloadLine({ download }: { readonly download: Download }) {
	const region = useRegion();
	const { id, name, rows, totalRows, phase } = download;
	const isRunning = phase === 'running';
	useEffect(() => {
		if (phase !== 'done') return;
		const timer = setTimeout(() => dismissDownload(id), shownWhenDoneMs);
		return () => clearTimeout(timer);
	}, [phase, id]);
	return (
		<div className={classes.download}>
			<div className={classes.line}>
				<strong className={classes.name}>{name}</strong>
				{isRunning ? (
					<Button size="compact-sm" variant="default" onClick={() => cancelDownload(id)}>
						{text('cancel')}
					</Button>
				) : (
					<Tooltip label={text('dismiss')}>
						<ActionIcon
							variant="subtle"
							color="gray"
							aria-label={text('dismiss')}
							onClick={() => dismissDownload(id)}
						>
							<IconX size={16} stroke={1.7} />
						</ActionIcon>
					</Tooltip>
				)}
			</div>
			{isRunning ? (
				<Progress
					size="sm"
					value={totalRows === null || totalRows === 0 ? 0 : (rows / totalRows) * 100}
					aria-label={text('progress', { name })}
				/>
			) : null}
			<span className={classes.words} role={phase === 'running' ? undefined : 'status'}>
				{wordsFor(download, region)}
			</span>
		</div>
	);
}

function wordsFor({ phase, rows, totalRows, reason }: Download, region: Region): string {
	if (phase === 'failed') return text('failed', { reason: reason ?? '' });
	if (totalRows === null) return text('begins');
	const total = region.number(totalRows);
	if (phase === 'done') return text('done', { total });
	return text('rows', { rows: region.number(rows), total });
}

import { Button, Progress, Skeleton } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { EndpointReply } from '#contract/endpoint.ts';
import { call } from '#web/api/call.ts';
import { callForFile } from '#web/api/call-for-file.ts';
import { keepFile } from '#web/downloads/downloads.ts';
import { useRegion } from '#web/text/region.tsx';
import { ConfirmModal } from '#web/ui/confirm-modal.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { FaultNotice } from '#web/ui/notice.tsx';
import { toastDone } from '#web/ui/toast.ts';
import { applyDeviceImport, issueImportKeys, showDeviceImport } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './import-drawer.module.css';

/** How often is asked how far an import is. */
const pollMs = 700;

type ShownImport = EndpointReply<typeof showDeviceImport>;

interface ImportViewProps {
	readonly importNo: number;
	readonly onBack: () => void;
	/** Called when it has added its devices. */
	readonly onAdded: () => void;
}

/** One import from what it would do to the keys of its devices. */
export function ImportView({ importNo, onBack, onAdded }: ImportViewProps) {
	const { data: shown, error } = useQuery({
		queryKey: ['device-import', importNo],
		queryFn: ({ signal }) => call(showDeviceImport, { params: { importNo } }, signal),
		refetchInterval: ({ state }) => (state.data?.state === 'applying' ? pollMs : false),
	});
	useWhenApplied(shown?.state, onAdded);
	return (
		<>
			<div>
				<Button
					variant="subtle"
					color="gray"
					c="inherit"
					size="compact-sm"
					leftSection={<IconArrowLeft size={16} stroke={1.7} />}
					onClick={onBack}
				>
					{text('back')}
				</Button>
			</div>
			<FaultNotice>{error?.message ?? null}</FaultNotice>
			{shown === undefined ? error ? null : <Skeleton height={160} /> : <Shown shown={shown} />}
		</>
	);
}

/** Calls once when an import that was seen unfinished is done. */
function useWhenApplied(state: ShownImport['state'] | undefined, onAdded: () => void): void {
	const [last, setLast] = useState(state);
	useEffect(() => {
		if (state === last) return;
		setLast(state);
		if (last !== undefined && state === 'applied') onAdded();
	}, [state, last, onAdded]);
}

function Shown({ shown }: { readonly shown: ShownImport }) {
	const region = useRegion();
	const count = (value: number) => region.number(value);
	return (
		<>
			<div>
				<div className={classes.file}>{shown.fileName}</div>
				<p className={classes.dim}>
					{text('importLine', { at: region.instant(shown.uploadedAtMs), by: shown.uploadedBy })}
				</p>
			</div>
			<FaultNotice>{shown.failure}</FaultNotice>
			<section>
				<h3 className={classes.heading}>
					{text(shown.state === 'applied' ? 'countsApplied' : 'counts')}
				</h3>
				<FactList>
					<Fact label={text('rowsNew')}>{count(shown.rowsNew)}</Fact>
					<Fact label={text('rowsUnchanged')}>{count(shown.rowsUnchanged)}</Fact>
					<Fact label={text('rowsWrong')}>{count(shown.rowsWrong)}</Fact>
					<Fact label={text('rowsWarned')}>{count(shown.rowsWarned)}</Fact>
				</FactList>
			</section>
			<NextStep shown={shown} />
			<Rows title={text('problems')} rows={shown.problems} total={shown.rowsWrong} />
			<Rows title={text('warnings')} rows={shown.warnings} total={shown.rowsWarned} />
		</>
	);
}

function NextStep({ shown }: { readonly shown: ShownImport }) {
	const region = useRegion();
	const { importNo, fileName, state, rowsNew, rowsWrong, rowsDone, keysIssued } = shown;
	const queryClient = useQueryClient();
	const [isAsking, setIsAsking] = useState(false);
	const count = region.number(rowsNew);
	const reread = async () => {
		await queryClient.invalidateQueries({ queryKey: ['device-import', importNo] });
		await queryClient.invalidateQueries({ queryKey: ['device-imports'] });
	};

	async function apply(confirm: string) {
		await call(applyDeviceImport, { params: { importNo }, body: { confirm } }).finally(reread);
	}

	async function takeKeys(confirm: string) {
		const file = await callForFile(issueImportKeys, {
			params: { importNo },
			body: { confirm },
		}).finally(reread);
		keepFile(file, `device-keys-${importNo}.csv`);
		toastDone(text('keysDone'));
	}

	const asks = {
		opened: isAsking,
		onClose: () => setIsAsking(false),
	};
	if (state === 'applying') {
		const progress = text('applyingCount', { done: region.number(rowsDone), total: count });
		return (
			<div>
				<p className={classes.sentence} aria-live="polite">
					{text('applying')}: {progress}
				</p>
				<Progress value={(rowsDone / Math.max(1, rowsNew)) * 100} aria-label={text('applying')} />
				<p className={classes.dim}>{text('leave')}</p>
			</div>
		);
	}
	if (state === 'ready') {
		if (rowsWrong > 0) return <p className={classes.sentence}>{text('correct')}</p>;
		if (rowsNew === 0) return <p className={classes.sentence}>{text('nothingNew')}</p>;
		return (
			<div>
				<Button onClick={() => setIsAsking(true)}>{text('apply', { count })}</Button>
				<ConfirmModal
					{...asks}
					title={text('importTitle')}
					what={text('applyWhat', { count, fileName })}
					onConfirm={apply}
				/>
			</div>
		);
	}
	return (
		<div className={classes.list} aria-live="polite">
			<p className={classes.sentence}>{text('applied', { count })}</p>
			{keysIssued ? (
				<p className={classes.dim}>{text('keysIssued')}</p>
			) : (
				<>
					<p className={classes.dim}>{text('keysIntro')}</p>
					<div>
						<Button onClick={() => setIsAsking(true)}>{text('keys')}</Button>
					</div>
				</>
			)}
			<ConfirmModal
				{...asks}
				title={text('keys')}
				what={text('keysWhat', { count })}
				onConfirm={takeKeys}
			/>
		</div>
	);
}

interface RowsProps {
	readonly title: string;
	readonly rows: ShownImport['problems'];
	readonly total: number;
}

/** Rows of a file with something to say of each. */
function Rows({ title, rows, total }: RowsProps) {
	const region = useRegion();
	if (rows.length === 0) return null;
	return (
		<section>
			<h3 className={classes.heading}>{title}</h3>
			{rows.length < total ? (
				<p className={classes.dim}>
					{text('problemsMore', {
						count: region.number(rows.length),
						total: region.number(total),
					})}
				</p>
			) : null}
			<ul className={classes.list}>
				{rows.map(({ line, deviceId, sentence }) => (
					<li key={line} className={classes.row}>
						<div className={classes.dim}>
							{text('lineOf', { line: region.number(line) })} <bdi>{deviceId}</bdi>
						</div>
						{sentence}
					</li>
				))}
			</ul>
		</section>
	);
}

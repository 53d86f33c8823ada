import { Button, Drawer, FileButton, Progress } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { call } from '#web/api/call.ts';
import { upload } from '#web/api/upload.ts';
import { useRegion } from '#web/text/region.tsx';
import { FaultNotice } from '#web/ui/notice.tsx';
import { text as uiText } from '#web/ui/text.ts';
import {
	csvMediaType,
	type DeviceImport,
	importTemplate,
	listDeviceImports,
	uploadDevices,
} from '../../contract.ts';
import { text } from '../text.ts';
import classes from './import-drawer.module.css';
import { ImportView } from './import-view.tsx';

interface ImportDrawerProps {
	readonly opened: boolean;
	readonly onClose: () => void;
	/** Called when an import has added devices. */
	readonly onAdded: () => void;
}

/** Files of devices: choose one, see what it would do, add its devices, take their keys. */
export default function ImportDrawer({ opened, onClose, onAdded }: ImportDrawerProps) {
	const [importNo, setImportNo] = useState<number | null>(null);
	return (
		<Drawer
			opened={opened}
			onClose={onClose}
			position="right"
			size={440}
			zIndex={300}
			title={text('importTitle')}
			closeButtonProps={{ 'aria-label': uiText('close') }}
			classNames={{ content: classes.content, body: classes.body, title: classes.title }}
		>
			{importNo === null ? (
				<Choice onChosen={setImportNo} />
			) : (
				<ImportView importNo={importNo} onBack={() => setImportNo(null)} onAdded={onAdded} />
			)}
		</Drawer>
	);
}

interface Upload {
	readonly fileName: string;
	readonly share: number;
}

function Choice({ onChosen }: { readonly onChosen: (importNo: number) => void }) {
	const queryClient = useQueryClient();
	const [running, setRunning] = useState<Upload | null>(null);
	const [fault, setFault] = useState<string | null>(null);
	const controller = useRef<AbortController>(null);
	useEffect(() => () => controller.current?.abort(), []);

	async function send(file: File) {
		controller.current = new AbortController();
		const { signal } = controller.current;
		const { name: fileName } = file;
		setFault(null);
		setRunning({ fileName, share: 0 });
		try {
			const { importNo } = await upload(uploadDevices, file, {
				mediaType: csvMediaType,
				query: { fileName },
				onProgress: (share) => setRunning({ fileName, share }),
				signal,
			});
			void queryClient.invalidateQueries({ queryKey: ['device-imports'] });
			onChosen(importNo);
		} catch (error) {
			if (signal.aborted) return;
			setFault(error instanceof Error ? error.message : String(error));
		}
		setRunning(null);
	}

	return (
		<>
			<p className={classes.sentence}>{text('importIntro')}</p>
			<div className={classes.buttons}>
				<FileButton accept=".csv,text/csv" onChange={(file) => file && void send(file)}>
					{(props) => (
						<Button {...props} data-autofocus loading={running !== null}>
							{text('chooseFile')}
						</Button>
					)}
				</FileButton>
				<Button variant="default" component="a" href={importTemplate.path} download>
					{text('template')}
				</Button>
			</div>
			{running === null ? null : (
				<div aria-live="polite">
					<p className={classes.dim}>{text('uploading', { fileName: running.fileName })}</p>
					<Progress
						value={running.share * 100}
						aria-label={text('uploadProgress', { fileName: running.fileName })}
					/>
				</div>
			)}
			<FaultNotice>{fault}</FaultNotice>
			<Earlier onChosen={onChosen} />
		</>
	);
}

const stateNames: Record<DeviceImport['state'], string> = {
	ready: text('stateReady'),
	applying: text('stateApplying'),
	applied: text('stateApplied'),
};

function Earlier({ onChosen }: { readonly onChosen: (importNo: number) => void }) {
	const region = useRegion();
	const { data } = useQuery({
		queryKey: ['device-imports'],
		queryFn: ({ signal }) => call(listDeviceImports, {}, signal),
	});
	if (data === undefined || data.imports.length === 0) return null;
	return (
		<section>
			<h3 className={classes.heading}>{text('earlier')}</h3>
			<ul className={classes.list}>
				{data.imports.map(({ importNo, fileName, uploadedAtMs, uploadedBy, state }) => (
					<li key={importNo} className={classes.entry}>
						<div>
							<div className={classes.file}>{fileName}</div>
							<div className={classes.dim}>
								{text('importLine', { at: region.instant(uploadedAtMs), by: uploadedBy })}
							</div>
							<div className={classes.dim}>{stateNames[state]}</div>
						</div>
						<Button
							variant="default"
							size="compact-sm"
							aria-label={`${text('open')} ${fileName}`}
							onClick={() => onChosen(importNo)}
						>
							{text('open')}
						</Button>
					</li>
				))}
			</ul>
		</section>
	);
}

import { Button } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { devicePath, paths } from '#web/links.ts';
import { useMayOpen } from '#web/open-pages.ts';
import { Age } from '#web/ui/age.tsx';
import type { ParkedRow } from '../../contract.ts';
import { reasonText } from '../reason-words.ts';
import { text } from '../text.ts';
import classes from './parked-summary.module.css';

interface ParkedSummaryProps {
	readonly row: ParkedRow;
}

/** Why a message is parked, how long ago it came, and the way to its device. */
export function ParkedSummary({ row }: ParkedSummaryProps) {
	const mayOpen = useMayOpen(paths.device);
	return (
		<>
			<p className={classes.line}>
				{reasonText(row.reason)} · <Age atMs={row.receivedAtMs} />
			</p>
			{mayOpen && !row.isRetired ? (
				<Button
					variant="default"
					component={Link}
					to={devicePath(row.deviceId, 'connection')}
					rightSection={<IconArrowRight size={16} stroke={1.8} />}
				>
					{text('openDevice')}
				</Button>
			) : null}
		</>
	);
}

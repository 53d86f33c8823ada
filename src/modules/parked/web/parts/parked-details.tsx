import { Anchor, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { addressOf } from '#web/api/call.ts';
import { useRegion } from '#web/text/region.tsx';
import { BytesView } from '#web/ui/bytes-view.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { FaultNotice } from '#web/ui/notice.tsx';
import { downloadParked, type ParkedRow } from '../../contract.ts';
import { parkedQuery } from '../queries.ts';
import { reasonText } from '../reason-words.ts';
import { text } from '../text.ts';
import classes from './parked-details.module.css';

interface ParkedDetailsProps {
	readonly row: ParkedRow;
}

/** Everything known of a parked message, and its bytes. */
export function ParkedDetails({ row }: ParkedDetailsProps) {
	const region = useRegion();
	return (
		<div className={classes.details}>
			<p className={classes.detail}>{row.detail}</p>
			<Body row={row} />
			<FactList>
				<Fact label={text('reason')}>{reasonText(row.reason)}</Fact>
				<Fact label={text('received')}>{region.instant(row.receivedAtMs)}</Fact>
				<Fact label={text('device')}>
					<bdi>{row.deviceId}</bdi>
					{row.isRetired ? ` (${text('retired')})` : null}
				</Fact>
				<Fact label={text('vin')}>{row.vin ?? text('none')}</Fact>
				<Fact label={text('topic')}>
					<bdi className={classes.topic}>{row.topic}</bdi>
				</Fact>
				<Fact label={text('size')}>{text('bytes', { count: region.number(row.sizeBytes) })}</Fact>
				<Fact label={text('replays')}>{region.number(row.replays)}</Fact>
				<Fact label={text('lastReplay')}>
					{row.replayedAtMs === null ? text('none') : region.instant(row.replayedAtMs)}
				</Fact>
			</FactList>
		</div>
	);
}

function Body({ row: { parkedNo, sizeBytes } }: ParkedDetailsProps) {
	const region = useRegion();
	const { data, error } = useQuery(parkedQuery(parkedNo));
	const bytes = useMemo(() => (data === undefined ? null : bytesOf(data.body)), [data]);
	if (error !== null)
		return <FaultNotice>{text('bodyFault', { reason: error.message })}</FaultNotice>;
	if (bytes === null) return <Skeleton height={160} />;
	const inBytes = (count: number) => text('bytes', { count: region.number(count) });
	return (
		<div>
			<BytesView
				bytes={bytes}
				what={text('body')}
				aside={
					<Anchor
						className={classes.download}
						href={addressOf(downloadParked.path, { params: { parkedNo } })}
						download
					>
						{text('download')}
					</Anchor>
				}
			/>
			{bytes.length < sizeBytes ? (
				<p className={classes.cut}>
					{text('bodyCut', { shown: inBytes(bytes.length), size: inBytes(sizeBytes) })}
				</p>
			) : null}
		</div>
	);
}

function bytesOf(base64: string): Uint8Array {
	return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

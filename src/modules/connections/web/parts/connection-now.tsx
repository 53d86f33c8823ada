import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { parkedPath } from '#web/links.ts';
import { useRegion } from '#web/text/region.tsx';
import { BytesView } from '#web/ui/bytes-view.tsx';
import { Card } from '#web/ui/card.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import type { Connection, DeviceConnections } from '../../contract.ts';
import { bytesOf } from '../bytes.ts';
import { text } from '../text.ts';
import { noteText, transportText } from '../words.ts';
import classes from './connection-now.module.css';
import { MessageRate, spanBeganAt } from './message-rate.tsx';

interface ConnectionNowProps {
	readonly deviceId: string;
	readonly state: DeviceConnections;
}

/** Whether and how a device is connected, how much it says, and what went wrong lately. */
export function ConnectionNow({ deviceId, state }: ConnectionNowProps) {
	const region = useRegion();
	const { connections, messageCounts, asOfMs, parked, isClockWrong } = state;
	const [newest] = connections;
	const open = newest?.endedAtMs === null ? newest : undefined;
	const note = (noted: DeviceConnections['lastLimit']) =>
		noted === null
			? text('noNote')
			: text('note', { what: noteText(noted.what), at: region.instant(noted.atMs) });
	return (
		<Card title={text('now')}>
			<p className={classes.state} data-open={open !== undefined}>
				{open === undefined
					? text('notConnected')
					: text('connected', {
							at: region.instant(open.connectedAtMs),
							transport: transportText(open.transport),
						})}
			</p>
			<MessageRate counts={messageCounts} asOfMs={asOfMs} />
			<FactList>
				<Fact label={text('messageRate', { at: region.clock(spanBeganAt(asOfMs)) })}>
					{region.number(messageCounts.at(-1) ?? 0)}
				</Fact>
				<Fact label={text('clock')}>
					{isClockWrong === null
						? text('clockUnknown')
						: text(isClockWrong ? 'clockWrong' : 'clockRight')}
				</Fact>
				<Fact label={text('parked')}>
					{parked.count === 0 ? (
						text('noneParked')
					) : (
						<Anchor component={Link} to={parkedPath(deviceId)}>
							{text('parkedOf', {
								count: region.number(parked.count),
								bytes: text('bytes', { count: region.number(parked.bytes) }),
							})}
						</Anchor>
					)}
				</Fact>
				<Fact label={text('lastLimit')}>{note(state.lastLimit)}</Fact>
				<Fact label={text('lastRefusal')}>{note(state.lastRefusal)}</Fact>
				{open === undefined ? null : <Terms connection={open} />}
			</FactList>
			{open?.will ? (
				<div className={classes.will}>
					<BytesView bytes={bytesOf(open.will.body)} what={text('willBody')} />
				</div>
			) : null}
		</Card>
	);
}

/** What the device asked for when it connected. */
function Terms({ connection }: { readonly connection: Connection }) {
	const region = useRegion();
	const { address, clientId, keepAliveSeconds, isCleanSession, will } = connection;
	return (
		<>
			<Fact label={text('address')}>
				<bdi>{address}</bdi>
			</Fact>
			<Fact label={text('clientId')}>
				<bdi className={classes.long}>{clientId || text('none')}</bdi>
			</Fact>
			<Fact label={text('keepAlive')}>
				{keepAliveSeconds
					? text('seconds', { count: region.number(keepAliveSeconds) })
					: text('noKeepAlive')}
			</Fact>
			<Fact label={text('session')}>
				{text(isCleanSession === false ? 'keptSession' : 'cleanSession')}
			</Fact>
			<Fact label={text('will')}>
				<bdi className={classes.long}>
					{will === null ? text('noWill') : text('willOn', { topic: will.topic })}
				</bdi>
			</Fact>
		</>
	);
}

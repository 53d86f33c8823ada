import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useTopic } from '#web/live/feed.tsx';
import { useRegion } from '#web/text/region.tsx';
import { BytesView } from '#web/ui/bytes-view.tsx';
import { Card } from '#web/ui/card.tsx';
import { deviceTailTopic, type TailMessage, tailLength } from '../../contract.ts';
import { bytesOf } from '../bytes.ts';
import { text } from '../text.ts';
import { transportText } from '../words.ts';
import classes from './live-tail.module.css';

interface LiveTailProps {
	readonly deviceNo: number;
}

/** A device's messages as they arrive, newest first; paused, those on the page stay. */
export function LiveTail({ deviceNo }: LiveTailProps) {
	const region = useRegion();
	const [messages, setMessages] = useState<readonly TailMessage[]>([]);
	const [isPaused, setIsPaused] = useState(false);
	useTopic(deviceTailTopic, isPaused ? null : { deviceNo }, (news) =>
		setMessages((shown) => withNews(shown, news.messages)),
	);
	return (
		<Card
			title={text('tail')}
			aside={
				<div className={classes.actions}>
					<Button
						size="compact-sm"
						variant="default"
						leftSection={
							isPaused ? (
								<IconPlayerPlay size={15} stroke={1.7} />
							) : (
								<IconPlayerPause size={15} stroke={1.7} />
							)
						}
						onClick={() => setIsPaused(!isPaused)}
					>
						{text(isPaused ? 'resume' : 'pause')}
					</Button>
					<Button
						size="compact-sm"
						variant="default"
						disabled={messages.length === 0}
						onClick={() => setMessages([])}
					>
						{text('clear')}
					</Button>
				</div>
			}
		>
			<p className={classes.hint}>{text('tailHint', { count: region.number(tailLength) })}</p>
			{messages.length === 0 ? (
				<p className={classes.waiting} role="status">
					{text(isPaused ? 'tailPaused' : 'tailNone')}
				</p>
			) : (
				<ol className={classes.messages}>
					{messages.map((message) => (
						<li key={`${message.atMs} ${message.no}`}>
							<Message message={message} />
						</li>
					))}
				</ol>
			)}
		</Card>
	);
}

function Message({ message }: { readonly message: TailMessage }) {
	const region = useRegion();
	const [bytes] = useState(() => bytesOf(message.body));
	const inBytes = (count: number) => text('bytes', { count: region.number(count) });
	return (
		<article className={classes.message}>
			<div className={classes.head}>
				<strong>{region.clockSeconds(message.atMs)}</strong>
				<bdi>
					{text('messageHead', {
						transport: transportText(message.transport),
						topic: message.topic,
						bytes: inBytes(message.sizeBytes),
					})}
				</bdi>
			</div>
			<BytesView bytes={bytes} what={text('message')} />
			{bytes.length < message.sizeBytes ? (
				<p className={classes.hint}>
					{text('messageCut', { shown: inBytes(bytes.length), size: inBytes(message.sizeBytes) })}
				</p>
			) : null}
		</article>
	);
}

/** A server that started anew counts from 1 again. */
function withNews(
	shown: readonly TailMessage[],
	news: readonly TailMessage[],
): readonly TailMessage[] {
	const newestAtMs = shown[0]?.atMs ?? Number.NEGATIVE_INFINITY;
	const isAnew = news.some(({ no, atMs }) => no <= (shown[0]?.no ?? 0) && atMs > newestAtMs);
	const before = isAnew ? [] : shown;
	const known = new Set(before.map(({ no }) => no));
	const fresh = news.filter(({ no }) => !known.has(no)).reverse();
	return [...fresh, ...before].slice(0, tailLength);
}

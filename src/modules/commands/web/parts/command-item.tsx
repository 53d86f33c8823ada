import { serverNowMs } from '#web/clock/server-clock.ts';
import { useEverySecond } from '#web/clock/use-every-second.ts';
import { useRegion } from '#web/text/region.tsx';
import type { TracedCommand } from '../../contract.ts';
import { settingsWords } from '../setting-words.ts';
import { resultText } from '../state-words.ts';
import { text } from '../text.ts';
import classes from './command-item.module.css';
import { StateBadge } from './state-badge.tsx';
import { stepsOf } from './steps.ts';

/** One command: how far it came, why, and step by step when. */
export function CommandItem({ command }: { readonly command: TracedCommand }) {
	const region = useRegion();
	return (
		<li className={classes.item}>
			<div className={classes.head}>
				<strong>{command.label}</strong>
				<StateBadge state={command.state} />
				<time className={classes.instant}>{region.instant(command.requestedAtMs)}</time>
			</div>
			<Carried value={command.value} />
			<Detail command={command} />
			<ol className={classes.steps} aria-label={text('trace')}>
				{stepsOf(command).map(({ label, atMs }) => (
					<li key={label}>
						{label}
						{atMs === command.requestedAtMs ? null : (
							<span className={classes.after}>
								{text('after', {
									seconds: region.number((atMs - command.requestedAtMs) / 1000, 1),
								})}
							</span>
						)}
					</li>
				))}
			</ol>
		</li>
	);
}

/** What came with it. */
function Carried({ value }: { readonly value: unknown }) {
	const region = useRegion();
	const settings = settingsWords(value, region);
	if (settings === '') return null;
	return <p className={classes.detail}>{text('settingsWrote', { settings })}</p>;
}

/** What the state means, where the word alone does not say it. */
function Detail({ command }: { readonly command: TracedCommand }) {
	const { state, reason, lateAnswer, expiresAtMs, answerByMs } = command;
	switch (state) {
		case 'waiting':
			return <Countdown untilMs={expiresAtMs} message="waitingDetail" />;
		case 'sent':
			return <Countdown untilMs={answerByMs} message="sentDetail" />;
		case 'accepted':
			return <Countdown untilMs={answerByMs} message="acceptedDetail" />;
		case 'expired':
			return <p className={classes.detail}>{text('expiredDetail')}</p>;
		case 'timed_out':
			return <p className={classes.detail}>{lateText(lateAnswer) ?? text('timedOutDetail')}</p>;
		default:
			return reason === null ? null : (
				<p className={classes.detail}>{text('reasonDetail', { reason })}</p>
			);
	}
}

function lateText(late: TracedCommand['lateAnswer']): string | null {
	if (late === null) return null;
	const status = resultText(late.status);
	return late.reason === null
		? text('lateDetail', { status })
		: text('lateDetailWithReason', { status, reason: late.reason });
}

interface CountdownProps {
	readonly untilMs: number;
	readonly message: 'waitingDetail' | 'sentDetail' | 'acceptedDetail';
}

function Countdown({ untilMs, message }: CountdownProps) {
	const seconds = useEverySecond(() => Math.max(0, Math.ceil((untilMs - serverNowMs()) / 1000)));
	return <p className={classes.detail}>{text(message, { seconds })}</p>;
}

import { useRegion } from '#web/text/region.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import type { MailRow, MailState } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './mail-details.module.css';
import { MailText } from './mail-text.tsx';

const meanings: Record<MailState, string> = {
	queued: text('queuedMeans'),
	sent: text('sentMeans'),
	failed: text('failedMeans'),
	kept: text('keptMeans'),
};

/** Everything that is known of a mail, and its text for those who may read it. */
export function MailDetails({ row }: { readonly row: MailRow }) {
	const region = useRegion();
	return (
		<div className={classes.details}>
			<p className={classes.meaning}>{meanings[row.state]}</p>
			<MailText row={row} />
			<FactList>
				<Fact label={text('recipient')}>
					<bdi>{row.recipient}</bdi>
				</Fact>
				<Fact label={text('subject')}>
					<bdi>{row.subject}</bdi>
				</Fact>
				<Fact label={text('created')}>{region.instant(row.createdAtMs)}</Fact>
				{row.endedAtMs === null ? null : (
					<Fact label={text('ended')}>{region.instant(row.endedAtMs)}</Fact>
				)}
				<Fact label={text('attempts')}>{region.number(row.attempts)}</Fact>
				{row.nextAttemptAtMs === null ? null : (
					<Fact label={text('nextAttempt')}>{region.instant(row.nextAttemptAtMs)}</Fact>
				)}
				<Fact label={text('error')}>
					<bdi>{row.lastError ?? text('none')}</bdi>
				</Fact>
				{row.textUntilMs === null ? null : (
					<Fact label={text('textUntil')}>{region.instant(row.textUntilMs)}</Fact>
				)}
			</FactList>
		</div>
	);
}

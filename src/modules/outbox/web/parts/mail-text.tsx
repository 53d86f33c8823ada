import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import { CopyButton } from '#web/ui/copy-button.tsx';
import { FaultNotice } from '#web/ui/notice.tsx';
import { type MailRow, readMailText } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './mail-details.module.css';

/** The text of a mail, once somebody asks for it: that is written down. */
export function MailText({ row }: { readonly row: MailRow }) {
	const reading = useMutation({
		mutationFn: () => call(readMailText, { params: { mailNo: row.mailNo } }),
		gcTime: 0,
	});
	if (reading.data !== undefined) {
		const link = /^https?:\/\/\S+$/m.exec(reading.data.text)?.[0];
		return (
			<>
				<pre className={classes.text}>{reading.data.text}</pre>
				{link === undefined ? null : (
					<CopyButton value={link} what={text('mail')} label={text('copyLink')} />
				)}
			</>
		);
	}
	if (row.textUntilMs === null) return <p className={classes.hint}>{text('textGone')}</p>;
	if (!row.mayReadText) return <p className={classes.hint}>{text('textNotYours')}</p>;
	return (
		<>
			<FaultNotice>{reading.error?.message ?? null}</FaultNotice>
			<p className={classes.hint}>{text('readTextHint', { recipient: row.recipient })}</p>
			<Button variant="default" onClick={() => reading.mutate()} loading={reading.isPending}>
				{text('readText')}
			</Button>
		</>
	);
}

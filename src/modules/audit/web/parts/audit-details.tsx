import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { roleLabels } from '#contract/roles.ts';
import { useRegion } from '#web/text/region.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { FaultNotice } from '#web/ui/notice.tsx';
import { type AuditRow, auditActionText } from '../../contract.ts';
import { auditEntryQuery } from '../queries.ts';
import { text } from '../text.ts';
import classes from './audit-details.module.css';
import { Comparison } from './comparison.tsx';

interface AuditDetailsProps {
	readonly row: AuditRow;
}

/** Everything that was kept of a change. */
export function AuditDetails({ row }: AuditDetailsProps) {
	const region = useRegion();
	const { data, error } = useQuery(auditEntryQuery(row.auditNo));
	return (
		<div className={classes.details}>
			{error !== null ? (
				<FaultNotice>{text('changesFault', { reason: error.message })}</FaultNotice>
			) : data === undefined ? (
				<Skeleton height={160} />
			) : (
				<Comparison before={data.before} after={data.after} />
			)}
			<FactList>
				<Fact label={text('action')}>{auditActionText(row.action)}</Fact>
				<Fact label={text('at')}>{region.instant(row.atMs)}</Fact>
				<Fact label={text('person')}>
					<bdi>{row.userEmail}</bdi>
				</Fact>
				<Fact label={text('role')}>{roleLabels[row.actingAs]}</Fact>
				<Fact label={text('token')}>
					<bdi>{row.tokenName ?? text('noToken')}</bdi>
				</Fact>
				<Fact label={text('account')}>
					<bdi>{data?.userId ?? text('unknown')}</bdi>
				</Fact>
				<Fact label={text('address')}>
					<bdi>{row.ip}</bdi>
				</Fact>
				<Fact label={text('userAgent')}>
					<bdi>{data?.userAgent ?? text('unknown')}</bdi>
				</Fact>
				<Fact label={text('requestId')}>
					<bdi>{row.requestId}</bdi>
				</Fact>
				<Fact label={text('entry')}>{region.number(row.auditNo)}</Fact>
			</FactList>
		</div>
	);
}

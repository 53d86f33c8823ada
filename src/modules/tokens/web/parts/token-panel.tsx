import { Button, Skeleton } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { publicDocsPath } from '#modules/public-api/contract.ts';
import { auditPath, paths, rowLink, usersFinding } from '#web/links.ts';
import { useMayOpen } from '#web/open-pages.ts';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { Instant } from '#web/ui/instant.tsx';
import { FaultNotice } from '#web/ui/notice.tsx';
import { type TokenRow, tokenKindLabels } from '../../contract.ts';
import { tokenDetailsQuery } from '../queries.ts';
import { text } from '../text.ts';
import { ExpiryCell, LastUsedCell, StateCell } from './cells.tsx';
import classes from './token-panel.module.css';

interface TokenProps {
	readonly row: TokenRow;
}

/** Below a token's name: whether it works, and the ways from there. */
export function TokenSummary({ row }: TokenProps) {
	const mayAudit = useMayOpen(paths.audit);
	return (
		<>
			<StateCell row={row} />
			<div className={classes.links}>
				<Button
					component="a"
					href={publicDocsPath}
					target="_blank"
					rel="noreferrer"
					variant="default"
					rightSection={<IconArrowRight size={16} stroke={1.8} />}
				>
					{text('docs')}
				</Button>
				{mayAudit ? (
					<Button component={Link} variant="default" to={auditPath(row.publicId)}>
						{text('audit')}
					</Button>
				) : null}
			</div>
		</>
	);
}

/** What a token may, for whom, and when it was used. */
export function TokenPanel({ row }: TokenProps) {
	const mayUsers = useMayOpen(paths.users);
	return (
		<div className={classes.panel}>
			<FactList>
				<Fact label={text('owner')}>
					{mayUsers ? (
						<Link to={usersFinding(row.ownerEmail)} className={classes.link}>
							<bdi>{row.ownerEmail}</bdi>
						</Link>
					) : (
						<bdi>{row.ownerEmail}</bdi>
					)}
				</Fact>
				<Fact label={text('kind')}>{tokenKindLabels[row.kind]}</Fact>
				<Fact label={text('expires')}>
					<ExpiryCell row={row} />
				</Fact>
				<Fact label={text('lastUsed')}>
					<LastUsedCell row={row} />
				</Fact>
				<Fact label={text('lastAddress')}>
					<bdi>{row.lastUsedIp ?? text('none')}</bdi>
				</Fact>
				<Fact label={text('issuer')}>
					<bdi>{row.issuerEmail}</bdi>
				</Fact>
				<Fact label={text('created')}>
					<Instant atMs={row.createdAtMs} />
				</Fact>
				{row.revokedAtMs === null ? null : (
					<>
						<Fact label={text('revokedAt')}>
							<Instant atMs={row.revokedAtMs} />
						</Fact>
						<Fact label={text('revokedBy')}>
							<bdi>{row.revokedBy ?? text('none')}</bdi>
						</Fact>
					</>
				)}
				<Fact label={text('publicId')}>
					<bdi>{row.publicId}</bdi>
				</Fact>
			</FactList>
			<section>
				<h3 className={classes.heading}>{text('reach')}</h3>
				<Reach row={row} />
			</section>
		</div>
	);
}

function Reach({ row: { publicId, isRestricted } }: TokenProps) {
	const mayWatch = useMayOpen(paths.console);
	const { data, error } = useQuery({ ...tokenDetailsQuery(publicId), enabled: isRestricted });
	if (!isRestricted) return <p className={classes.sentence}>{text('reachAll')}</p>;
	if (error !== null)
		return <FaultNotice>{text('reachFault', { reason: error.message })}</FaultNotice>;
	if (data === undefined) return <Skeleton height={44} />;
	const deviceIds = data.deviceIds ?? [];
	if (deviceIds.length === 0) return <p className={classes.sentence}>{text('reachNone')}</p>;
	return (
		<ul className={classes.devices}>
			{deviceIds.map((deviceId) => (
				<li key={deviceId}>
					{mayWatch ? <Link to={rowLink(paths.console, deviceId)}>{deviceId}</Link> : deviceId}
				</li>
			))}
		</ul>
	);
}

import { Button, Skeleton } from '@mantine/core';
import { IconHistory, IconHistoryOff } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { FactView } from '#web/device-offer.ts';
import { useDeviceOffers } from '#web/device-offers.tsx';
import { useTopic } from '#web/live/feed.tsx';
import { useRegion } from '#web/text/region.tsx';
import { Age } from '#web/ui/age.tsx';
import { Card } from '#web/ui/card.tsx';
import { Data } from '#web/ui/data.tsx';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import { type DeviceDetails, type DeviceFact, deviceFactsTopic } from '../../contract.ts';
import { factsQuery } from '../queries.ts';
import { text } from '../text.ts';
import classes from './facts-card.module.css';
import { ReadingFault } from './reading-fault.tsx';

interface FactsCardProps {
	readonly device: DeviceDetails;
}

/** What happened to the device, newest first, each kind as its module words it. */
export function FactsCard({ device }: FactsCardProps) {
	const pages = useInfiniteQuery(factsQuery(device.deviceId));
	const { facts: views } = useDeviceOffers(device.family);
	useTopic(deviceFactsTopic, { deviceNo: device.deviceNo }, () => void pages.refetch());
	const facts = pages.data?.pages.flatMap((page) => page.facts);
	return (
		<Card title={text('facts')}>
			{facts === undefined ? (
				pages.error ? (
					<ReadingFault error={pages.error} onRetry={() => void pages.refetch()} />
				) : (
					<Skeleton height={96} />
				)
			) : facts.length === 0 ? (
				<MessagePanel
					icon={IconHistoryOff}
					title={text('noFactsTitle')}
					detail={text('noFactsDetail')}
				/>
			) : (
				<>
					<ol className={classes.list}>
						{facts.map((fact) => (
							<FactItem
								key={fact.factNo}
								fact={fact}
								view={views.find((view) => view.kind === fact.kind)}
							/>
						))}
					</ol>
					{pages.hasNextPage ? (
						<Button
							variant="default"
							loading={pages.isFetchingNextPage}
							onClick={() => void pages.fetchNextPage()}
						>
							{text('olderFacts')}
						</Button>
					) : null}
				</>
			)}
		</Card>
	);
}

interface FactItemProps {
	readonly fact: DeviceFact;
	/** Undefined for a kind that no module of this portal words. */
	readonly view: FactView | undefined;
}

function FactItem({ fact, view }: FactItemProps) {
	const region = useRegion();
	const FactIcon = view?.icon ?? IconHistory;
	return (
		<li className={classes.fact}>
			<span className={classes.icon}>
				<FactIcon size={16} stroke={1.6} aria-hidden />
			</span>
			<span className={classes.words}>
				<span className={classes.title}>{view?.title ?? fact.kind.replaceAll('_', ' ')}</span>
				<span className={classes.sentence}>
					{view?.sentence(fact.details) ?? JSON.stringify(fact.details)}
				</span>
			</span>
			<span className={classes.when}>
				<Data value={region.instant(fact.atMs)} />
				<span className={classes.age}>
					<Age atMs={fact.atMs} />
				</span>
			</span>
		</li>
	);
}

import { auditPath, consoleOf, customersOf, paths, usersOf } from '#web/links.ts';
import { Count } from '#web/ui/count.tsx';
import { Data } from '#web/ui/data.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { Instant } from '#web/ui/instant.tsx';
import { Words } from '#web/ui/words.tsx';
import { type DealerRow, dealerCode } from '../../contract.ts';
import { offerText } from '../offer-text.ts';
import { text } from '../text.ts';
import classes from './details.module.css';
import { HeldDevices } from './held-devices.tsx';
import { Way, Ways } from './ways.tsx';

interface DealerProps {
	readonly row: DealerRow;
}

/** Below a dealer's name: the ways to what is its own. */
export function DealerSummary({ row: { dealerNo } }: DealerProps) {
	return (
		<Ways>
			<Way page={paths.console} to={consoleOf({ dealerNo })} label={text('showDevices')} />
			<Way page={paths.customers} to={customersOf(dealerNo)} label={text('showCustomers')} />
			<Way page={paths.users} to={usersOf({ dealerNo })} label={text('showUsers')} />
			<Way page={paths.audit} to={auditPath(dealerCode(dealerNo))} label={text('showAudit')} />
		</Ways>
	);
}

/** What is known of a dealer, and which devices it has and had. */
export function DealerDetails({ row }: DealerProps) {
	return (
		<div className={classes.details}>
			<FactList>
				<Fact label={text('devices')}>
					<Count value={row.devices} />
				</Fact>
				<Fact label={offerText('customers')}>
					<Count value={row.customers} />
				</Fact>
				<Fact label={text('users')}>
					<Count value={row.users} />
				</Fact>
				<Fact label={text('contactName')}>
					<Words value={row.contactName} />
				</Fact>
				<Fact label={text('mobile')}>
					<Data value={row.mobile} />
				</Fact>
				<Fact label={text('email')}>
					<Data value={row.email} />
				</Fact>
				<Fact label={text('address')}>
					<Words value={row.address} />
				</Fact>
				<Fact label={text('city')}>
					<Words value={row.city} />
				</Fact>
				<Fact label={text('number')}>
					<Data value={dealerCode(row.dealerNo)} />
				</Fact>
				<Fact label={text('created')}>
					<Instant atMs={row.createdAtMs} />
				</Fact>
			</FactList>
			<HeldDevices owner={{ dealerNo: row.dealerNo }} />
		</div>
	);
}

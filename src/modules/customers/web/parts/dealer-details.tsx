import { auditPath, consoleOf, customersOf, paths, usersOf } from '#web/links.ts';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { Instant } from '#web/ui/instant.tsx';
import { type DealerRow, dealerCode } from '../../contract.ts';
import { text } from '../text.ts';
import { CountCell, Data } from './cells.tsx';
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
					<CountCell count={row.devices} />
				</Fact>
				<Fact label={text('customers')}>
					<CountCell count={row.customers} />
				</Fact>
				<Fact label={text('users')}>
					<CountCell count={row.users} />
				</Fact>
				<Fact label={text('contactName')}>
					<Data value={row.contactName} />
				</Fact>
				<Fact label={text('mobile')}>
					<Data value={row.mobile} />
				</Fact>
				<Fact label={text('email')}>
					<Data value={row.email} />
				</Fact>
				<Fact label={text('address')}>
					<Data value={row.address} />
				</Fact>
				<Fact label={text('city')}>
					<Data value={row.city} />
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

import { auditPath, consoleOf, paths, usersOf } from '#web/links.ts';
import { Count } from '#web/ui/count.tsx';
import { Data } from '#web/ui/data.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { Instant } from '#web/ui/instant.tsx';
import { Words } from '#web/ui/words.tsx';
import { type CustomerRow, customerCode } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './details.module.css';
import { HeldDevices } from './held-devices.tsx';
import { Way, Ways } from './ways.tsx';

interface CustomerProps {
	readonly row: CustomerRow;
}

/** Below a customer's name: the ways to what is its own. */
export function CustomerSummary({ row: { customerNo } }: CustomerProps) {
	return (
		<Ways>
			<Way page={paths.console} to={consoleOf({ customerNo })} label={text('showDevices')} />
			<Way page={paths.users} to={usersOf({ customerNo })} label={text('showUsers')} />
			<Way page={paths.audit} to={auditPath(customerCode(customerNo))} label={text('showAudit')} />
		</Ways>
	);
}

/** What is known of a customer, and which devices it has and had. */
export function CustomerDetails({ row }: CustomerProps) {
	return (
		<div className={classes.details}>
			<FactList>
				<Fact label={text('devices')}>
					<Count value={row.devices} />
				</Fact>
				<Fact label={text('users')}>
					<Count value={row.users} />
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
				<Fact label={text('pinCode')}>
					<Data value={row.pinCode} />
				</Fact>
				<Fact label={text('location')}>
					<Words value={row.locationCity} />
				</Fact>
				<Fact label={text('dealer')}>
					<Words value={row.dealerName} />
				</Fact>
				<Fact label={text('number')}>
					<Data value={customerCode(row.customerNo)} />
				</Fact>
				<Fact label={text('created')}>
					<Instant atMs={row.createdAtMs} />
				</Fact>
			</FactList>
			<HeldDevices owner={{ customerNo: row.customerNo }} />
		</div>
	);
}

import type { ReactNode } from 'react';
import type { DeviceIdentity } from '#web/device-offer.ts';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import type { CommandKind } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './command-question.module.css';

interface CommandQuestionProps {
	readonly kind: CommandKind;
	readonly device: DeviceIdentity;
	/** What the command carries, where it carries something. */
	readonly children?: ReactNode;
}

/** Says what a command does and to exactly which device, for whoever is about to confirm it. */
export function CommandQuestion({ kind, device, children }: CommandQuestionProps) {
	return (
		<div className={classes.what}>
			<p className={classes.sentence}>{kind.sentence}</p>
			{children}
			<FactList>
				<Target label={text('deviceId')} value={device.deviceId} />
				<Target label={text('vin')} value={device.vin} />
				{device.name === null ? null : <Target label={text('name')} value={device.name} />}
				<Target label={text('customer')} value={device.customerName} />
				<Target label={text('place')} value={device.place} />
			</FactList>
			<p className={classes.sentence}>{text('confirmFate', { seconds: kind.expirySeconds })}</p>
		</div>
	);
}

interface TargetProps {
	readonly label: string;
	readonly value: string | null;
}

function Target({ label, value }: TargetProps) {
	return (
		<Fact label={label}>
			<bdi className={classes.data}>{value ?? text('none')}</bdi>
		</Fact>
	);
}

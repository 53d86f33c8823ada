import { Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, Suspense, useState } from 'react';
import { deviceFamilyLabels } from '#contract/family.ts';
import type { DeviceAction } from '#web/device-offer.ts';
import { useDeviceOffers } from '#web/device-offers.tsx';
import { paths } from '#web/links.ts';
import { Age } from '#web/ui/age.tsx';
import { CopyButton } from '#web/ui/copy-button.tsx';
import { GuardedButton } from '#web/ui/guarded-button.tsx';
import { StatusBadge } from '#web/ui/status-badge.tsx';
import { useWhyNot } from '#web/use-why-not.ts';
import type { DeviceDetails } from '../../contract.ts';
import { callName, identityOf, wordOf } from '../device-facts.ts';
import { text } from '../text.ts';
import classes from './device-header.module.css';

interface DeviceHeaderProps {
	readonly device: DeviceDetails;
}

/** Which device this is, whose, how it is doing, and what can be done with it. */
export function DeviceHeader({ device }: DeviceHeaderProps) {
	const { actions } = useDeviceOffers(device.family);
	const { state } = device;
	const line = [
		device.model ?? deviceFamilyLabels[device.family],
		device.registrationNo,
		device.customerName,
		device.place,
	].filter((part) => part !== null);
	return (
		<header className={classes.header}>
			<div className={classes.who}>
				<nav className={classes.trail}>
					<Link to={paths.console}>{text('toConsole')}</Link>
				</nav>
				<div className={classes.identity}>
					<Title order={2} className={classes.name}>
						{callName(device)}
					</Title>
					<CopyButton
						value={callName(device)}
						what={text(device.vin === null ? 'nameCopied' : 'vinCopied')}
					/>
					<StatusBadge status={state.status} family={device.family} />
					<span className={classes.age}>
						{state.lastHeardAtMs === null ? text('never') : <Age atMs={state.lastHeardAtMs} />}
					</span>
				</div>
				<p className={classes.line}>{line.join(' · ')}</p>
			</div>
			<div className={classes.actions}>
				{actions.map((action) => (
					<ActionButton key={action.key} action={action} device={device} />
				))}
			</div>
		</header>
	);
}

interface ActionButtonProps {
	readonly action: DeviceAction;
	readonly device: DeviceDetails;
}

function ActionButton({ action, device }: ActionButtonProps): ReactNode {
	const [isOpen, setIsOpen] = useState(false);
	// Its code is loaded at the first use, and stays for the closing movement.
	const [wasOpened, setWasOpened] = useState(false);
	const { icon: ActionIcon, component: Action, whyNot } = action;
	const reason = useWhyNot(wordOf(device), whyNot);
	return (
		<>
			<GuardedButton
				reason={reason}
				leftSection={<ActionIcon size={16} stroke={1.7} aria-hidden />}
				aria-haspopup="dialog"
				onClick={() => {
					setWasOpened(true);
					setIsOpen(true);
				}}
			>
				{action.label}
			</GuardedButton>
			{wasOpened ? (
				<Suspense>
					<Action device={identityOf(device)} opened={isOpen} onClose={() => setIsOpen(false)} />
				</Suspense>
			) : null}
		</>
	);
}

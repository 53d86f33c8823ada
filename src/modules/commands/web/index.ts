import {
	type Icon,
	IconFlagOff,
	IconPlayerPause,
	IconPlayerPlay,
	IconPlayerStop,
	IconReload,
	IconTerminal2,
} from '@tabler/icons-react';
import { createElement, lazy } from 'react';
import { engineFamilies } from '#contract/family.ts';
import { fleetReaders } from '#contract/roles.ts';
import { type DeviceAction, type DeviceOffer, factView } from '#web/device-offer.ts';
import {
	type CommandKind,
	commandAnswered,
	forbidding,
	reboot,
	resetFault,
	returnToStandby,
	start,
	stop,
} from '../contract.ts';
import { kindLabel, resultText, unsafeText } from './state-words.ts';
import { text } from './text.ts';

/** The button that gives a command, for a kind that carries no value. */
function commandAction(kind: CommandKind, icon: Icon): DeviceAction {
	const { name, label, admits, families, interlocks } = kind;
	return {
		key: name,
		label,
		icon,
		admits,
		families,
		whyNot: (condition) => unsafeText(kind, forbidding(interlocks, condition)),
		component: lazy(async () => {
			const { CommandDialog } = await import('./command-dialog.tsx');
			return { default: (props) => createElement(CommandDialog, { kind, ...props }) };
		}),
	};
}

/** What this module adds to the device page. */
export const commandsDeviceOffer: DeviceOffer = {
	actions: [
		commandAction(start, IconPlayerPlay),
		commandAction(stop, IconPlayerStop),
		commandAction(returnToStandby, IconPlayerPause),
		commandAction(resetFault, IconFlagOff),
		commandAction(reboot, IconReload),
	],
	sections: [
		{
			key: 'settings',
			title: text('settings'),
			isSmall: true,
			admits: fleetReaders,
			families: engineFamilies,
			component: lazy(() => import('./settings-section.tsx')),
		},
		{
			key: 'commands',
			title: text('commands'),
			admits: fleetReaders,
			component: lazy(() => import('./commands-section.tsx')),
		},
	],
	facts: [
		factView(commandAnswered, {
			title: text('answered'),
			icon: IconTerminal2,
			sentence: ({ name, status, reason }) => {
				const command = kindLabel(name);
				return reason === null
					? text('answeredSentence', { command, status: resultText(status) })
					: text('answeredSentenceWithReason', { command, status: resultText(status), reason });
			},
		}),
	],
};

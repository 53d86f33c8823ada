import { type Icon, IconReload, IconTerminal2 } from '@tabler/icons-react';
import { createElement, lazy } from 'react';
import { fleetReaders } from '#contract/roles.ts';
import { type DeviceAction, type DeviceOffer, factView } from '#web/device-offer.ts';
import { type CommandKind, commandAnswered, reboot } from '../contract.ts';
import { kindLabel, resultText } from './state-words.ts';
import { text } from './text.ts';

/** The button that gives a command, for a kind that carries no value. */
function commandAction(kind: CommandKind, icon: Icon): DeviceAction {
	const { name, label, admits, families } = kind;
	return {
		key: name,
		label,
		icon,
		admits,
		families,
		component: lazy(async () => {
			const { CommandDialog } = await import('./command-dialog.tsx');
			return { default: (props) => createElement(CommandDialog, { kind, ...props }) };
		}),
	};
}

/** What this module adds to the device page. */
export const commandsDeviceOffer: DeviceOffer = {
	actions: [commandAction(reboot, IconReload)],
	sections: [
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

import type { Role } from '#contract/roles.ts';
import { type Status, statuses, statusLabels } from '#contract/status.ts';
import { text } from './text.ts';
import type { Shown } from './view/fleet-map.ts';

/** What one chip stands for: some statuses, drawn alike. */
export interface MapClass {
	/** The status whose colour and shape it has; its name in the address. */
	readonly as: Status;
	readonly label: string;
	readonly statuses: readonly Status[];
}

const sixClasses: readonly MapClass[] = statuses.map((status) => ({
	as: status,
	label: statusLabels[status],
	statuses: [status],
}));

/** Red needs attention, green is well. */
const twoClasses: readonly MapClass[] = [
	{
		as: 'moving',
		label: text('reporting'),
		statuses: ['moving', 'stopped', 'ignition_off', 'charging'],
	},
	{
		as: 'not_communicating',
		label: text('attention'),
		statuses: ['offline', 'not_communicating'],
	},
];

/** A dealer reads the map in two colours, everybody else in six. */
export function classesFor(role: Role): readonly MapClass[] {
	return role === 'dealer' ? twoClasses : sixClasses;
}

/** Which devices are drawn, and as what. No chosen class stands for all. */
export function shownBy(classes: readonly MapClass[], chosen: readonly Status[]): Shown {
	const isChosen = ({ as }: MapClass) => chosen.length === 0 || chosen.includes(as);
	const classOf = (status: Status) => classes.find((each) => each.statuses.includes(status));
	return {
		mask: statuses.reduce((mask, status, place) => {
			const found = classOf(status);
			return found !== undefined && isChosen(found) ? mask | (1 << place) : mask;
		}, 0),
		shownAs: statuses.map((status) => statuses.indexOf(classOf(status)?.as ?? status)),
	};
}

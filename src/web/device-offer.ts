import type { Icon } from '@tabler/icons-react';
import type { ComponentType, LazyExoticComponent } from 'react';
import type { z } from 'zod';
import type { DeviceCondition, DeviceWord } from '#contract/device-condition.ts';
import type { FactKind } from '#contract/fact.ts';
import type { DeviceFamily } from '#contract/family.ts';
import type { Role } from '#contract/roles.ts';

/** Which device a contribution is about, and what a confirmation repeats of it. */
export interface DeviceIdentity {
	readonly deviceId: string;
	readonly deviceNo: number;
	readonly family: DeviceFamily;
	readonly vin: string | null;
	readonly name: string | null;
	readonly customerName: string | null;
	/** City in which its customer has registered it. */
	readonly place: string | null;
}

interface Offered {
	/** Unique among contributions of its kind; stands in addresses. */
	readonly key: string;
	/** Roles that see it; the server checks each call again. */
	readonly admits: readonly Role[];
	/** Families it is for; without them for all. */
	readonly families?: readonly DeviceFamily[];
}

/** Something to do with a device: a button of its page, and what the button opens. */
export interface DeviceAction extends Offered {
	readonly label: string;
	readonly icon: Icon;
	/** Why it is not safe in this condition; null when it is. The server asks again. */
	readonly whyNot?: (condition: DeviceCondition) => string | null;
	readonly component: LazyExoticComponent<
		ComponentType<{
			readonly device: DeviceIdentity;
			readonly opened: boolean;
			readonly onClose: () => void;
		}>
	>;
}

/** A card on the device page's first tab, or a tab of its own. */
export interface DeviceSection extends Offered {
	readonly title: string;
	/** A card that is small enough for the side of the page. */
	readonly isSmall?: boolean;
	readonly component: LazyExoticComponent<
		ComponentType<{
			readonly device: DeviceIdentity;
			/** What the device last said, as far as rules depend on it. */
			readonly word: DeviceWord;
		}>
	>;
}

/** How facts of one kind read in a device's history. */
export interface FactView {
	readonly kind: string;
	readonly title: string;
	readonly icon: Icon;
	/** The fact in a sentence; null when its details are not what this kind holds. */
	readonly sentence: (details: unknown) => string | null;
}

/** Makes the view of a declared kind of fact; `sentence` gets the details as the declaration types them. */
export function factView<Details extends z.ZodType>(
	fact: FactKind<Details>,
	view: {
		readonly title: string;
		readonly icon: Icon;
		readonly sentence: (details: z.output<Details>) => string;
	},
): FactView {
	return {
		kind: fact.kind,
		title: view.title,
		icon: view.icon,
		sentence(details) {
			const parsed = fact.details.safeParse(details);
			return parsed.success ? view.sentence(parsed.data) : null;
		},
	};
}

/** What a module adds to the device page. */
export interface DeviceOffer {
	readonly actions?: readonly DeviceAction[];
	readonly sections?: readonly DeviceSection[];
	readonly tabs?: readonly DeviceSection[];
	readonly facts?: readonly FactView[];
}

import { createContext, type ReactNode, use } from 'react';
import type { DeviceFamily } from '#contract/family.ts';
import type { Role } from '#contract/roles.ts';
import { useSession } from '#web/session/session.ts';
import type { DeviceAction, DeviceOffer, DeviceSection, FactView } from './device-offer.ts';

type LoadOffers = () => Promise<readonly DeviceOffer[]>;

const none: Promise<readonly DeviceOffer[]> = Promise.resolve([]);
const OffersContext = createContext<LoadOffers>(() => none);

interface DeviceOffersProps {
	/** Always the same promise: the code comes with the first page that needs it. */
	readonly load: LoadOffers;
	readonly children: ReactNode;
}

/** Gives the pages inside what modules add to the device page. */
export function DeviceOffers({ load, children }: DeviceOffersProps) {
	return <OffersContext value={load}>{children}</OffersContext>;
}

/**
 * What modules add for a device of this family, as far as the role of whoever is signed in admits it. Suspends until it
 * is loaded.
 */
export function useDeviceOffers(family: DeviceFamily): Required<DeviceOffer> {
	const offers = use(use(OffersContext)());
	const { role } = useSession();
	const isFor = (offered: DeviceAction | DeviceSection) => isOffered(offered, role, family);
	return {
		actions: offers.flatMap((offer) => offer.actions ?? []).filter(isFor),
		sections: offers.flatMap((offer) => offer.sections ?? []).filter(isFor),
		tabs: offers.flatMap((offer) => offer.tabs ?? []).filter(isFor),
		facts: offers.flatMap((offer): readonly FactView[] => offer.facts ?? []),
	};
}

function isOffered(
	{ admits, families }: DeviceAction | DeviceSection,
	role: Role,
	family: DeviceFamily,
): boolean {
	return admits.includes(role) && (families?.includes(family) ?? true);
}

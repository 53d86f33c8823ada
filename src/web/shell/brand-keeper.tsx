import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { portalQuery, sessionQuery } from '#web/session/queries.ts';
import { applyBrand } from '#web/theme/brand.ts';

/** Keeps the interface in the colours of the organization one is in, or of the portal before sign-in, as they come. */
export function BrandKeeper() {
	const session = useQuery({ ...sessionQuery, enabled: false });
	const portal = useQuery({ ...portalQuery, enabled: false });
	const brand = session.data?.organization ?? portal.data;
	useEffect(() => {
		if (brand !== undefined) applyBrand(brand);
	}, [brand]);
	return null;
}

import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

interface RedirectProps {
	/** Address within the portal, with its search part. */
	readonly href: string;
}

/** Leads to another page, once; the entry in the browser's history is replaced. */
export function Redirect({ href }: RedirectProps) {
	const router = useRouter();
	// While the other page loads, this one stays and is drawn again with the new address; that must not redirect anew.
	const [target] = useState(href);
	useEffect(() => router.history.replace(target), [router, target]);
	return null;
}

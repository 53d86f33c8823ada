import { useEffect } from 'react';

/** Names the browser's tab after the page and the organization. */
export function useDocumentTitle(page: string, organization: string): void {
	useEffect(() => {
		document.title = organization === '' ? page : `${page} · ${organization}`;
	}, [page, organization]);
}

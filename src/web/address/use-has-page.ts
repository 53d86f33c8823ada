import { useRouter } from '@tanstack/react-router';

/** Whether the portal has a page below this path, so that no link leads nowhere. */
export function useHasPage(start: `/${string}/`): boolean {
	const { routesByPath } = useRouter();
	return Object.keys(routesByPath).some((path) => path.startsWith(start));
}

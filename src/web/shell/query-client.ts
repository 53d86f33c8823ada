import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from '#web/api/problem.ts';

const mostRetries = 2;
const endingCodes: ReadonlySet<string> = new Set(['not_signed_in', 'second_factor_needed']);

interface QueryClientOptions {
	/** The server said that nobody is signed in (any more), or that a second factor is to be set up before. */
	readonly onSessionEnded: () => void;
}

/** The page's cache of replies. A refusal is not asked for again by itself; a server in trouble is, twice. */
export function createQueryClient({ onSessionEnded }: QueryClientOptions): QueryClient {
	return new QueryClient({
		queryCache: new QueryCache({
			onError(error) {
				if (error instanceof ProblemError && endingCodes.has(error.code)) onSessionEnded();
			},
		}),
		defaultOptions: {
			queries: {
				staleTime: 30_000,
				refetchOnWindowFocus: false,
				networkMode: 'always',
				retry: (failures, error) =>
					error instanceof ProblemError && isTrouble(error.status) && failures < mostRetries,
			},
		},
	});
}

function isTrouble(status: number): boolean {
	return status === 0 || status >= 500;
}

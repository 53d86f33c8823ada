import fc from 'fast-check';

/** Given by `npm run fuzz`; without them the short form runs, alike each time. */
const { FUZZ_MINUTES, FUZZ_SEED } = process.env;
const usualSeed = 20_261_121;

/** The long form's time for all ports together; null in the short form. */
const minutes = FUZZ_MINUTES === undefined ? null : Number(FUZZ_MINUTES);
export const seed = FUZZ_SEED === undefined ? usualSeed : Number(FUZZ_SEED);
export const isLong = minutes !== null;

/** Cases tried so far, by port. */
export const triedCases = new Map<string, number>();

/**
 * Tries cases of a port: so many, or in the long form for the port's share of the time. A case that fails is made
 * smaller, and the error says it with the seed.
 * @param share part of the long form's time
 */
export async function explore<Case>(
	port: string,
	cases: fc.Arbitrary<Case>,
	{ runs, share }: { readonly runs: number; readonly share: number },
	tryCase: (one: Case) => Promise<void>,
): Promise<void> {
	const property = fc.asyncProperty(cases, async (one) => {
		triedCases.set(port, (triedCases.get(port) ?? 0) + 1);
		await tryCase(one);
	});
	await fc.assert(property, {
		seed,
		numRuns: minutes === null ? runs : Number.MAX_SAFE_INTEGER,
		interruptAfterTimeLimit: minutes === null ? shrinkMs : minutes * 60_000 * share,
	});
}

/** The short form ends after so long at the latest, also while it looks for a smaller case. */
const shrinkMs = 60_000;

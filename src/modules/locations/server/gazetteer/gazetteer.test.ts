import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Place } from '../../contract.ts';
import { Gazetteer } from './gazetteer.ts';
import { packPlaces } from './pack-places.ts';
import { foldedName } from './place-names.ts';
import { searchGazetteer } from './search.ts';

const gazetteer = new Gazetteer();

async function namesOf(q: string, country: string | null = null): Promise<string[]> {
	return (await gazetteer.search(q, country)).map((place) => `${place.name} ${place.country}`);
}

test.each([
	['Fes', null, 'Fès MA'],
	['FÈS', null, 'Fès MA'],
	['fès al', null, 'Fès al Bali MA'],
	['pune', 'IN', 'Pune IN'],
	['sao paulo', null, 'São Paulo BR'],
	['lodz', null, 'Łódź PL'],
	['koln', null, 'Köln DE'],
	['bali', 'MA', 'Fès al Bali MA'],
	['casablan', null, 'Casablanca MA'],
])('finds %s (%s) as %s first', async (q, country, first) => {
	expect((await namesOf(q, country))[0]).toBe(first);
});

test('a place is where it is', async () => {
	const [place] = await gazetteer.search('Pune', 'IN');
	expect(place).toMatchObject({ name: 'Pune', country: 'IN', population: expect.any(Number) });
	expect(place?.lat).toBeCloseTo(18.52, 1);
	expect(place?.lon).toBeCloseTo(73.86, 1);
});

test.each(['', 'a', ' é ', '\n', '\u0000'])('%j finds nothing', async (q) => {
	expect(await gazetteer.search(q, null)).toEqual([]);
});

test('an unknown country has no places', async () => {
	expect(await gazetteer.search('Pune', 'XX')).toEqual([]);
});

const someName = fc
	.array(fc.constantFrom('San', 'são', 'Al', 'an', 'a', 'Ben', 'Łó', 'nan-', "'", ' '), {
		minLength: 1,
		maxLength: 4,
	})
	.map((parts) => parts.join(''));
const somePlace: fc.Arbitrary<Place> = fc.record({
	name: someName,
	country: fc.constantFrom('IN', 'MA', 'FR'),
	lat: fc.integer({ min: -9_000_000, max: 9_000_000 }).map((steps) => steps / 1e5),
	lon: fc.integer({ min: -18_000_000, max: 18_000_000 }).map((steps) => steps / 1e5),
	population: fc.nat(1_000_000),
});

test('what it finds is what a look at every place finds: whole names first, then beginnings, words, parts', () => {
	const quality = (place: Place, q: string) => {
		const name = foldedName(place.name);
		if (name === q) return 0;
		if (name.startsWith(q)) return 1;
		return name.includes(` ${q}`) ? 2 : 3;
	};
	fc.assert(
		fc.property(
			fc.array(somePlace, { maxLength: 60 }),
			someName,
			fc.constantFrom(null, 'IN', 'MA', 'XX'),
			(places, typed, country) => {
				const q = foldedName(typed);
				const expected = places
					.filter((place) => country === null || place.country === country)
					.filter((place) => q.length >= 2 && foldedName(place.name).includes(q))
					.map((place) => [quality(place, q), -place.population] as const)
					.sort(([one, many], [other, more]) => one - other || many - more)
					.slice(0, 20);
				const found = searchGazetteer(packPlaces(places), typed, country);
				expect(found.map((place) => [quality(place, q), -place.population])).toEqual(expected);
				for (const place of found) expect(places).toContainEqual(place);
			},
		),
		{ numRuns: 300 },
	);
});

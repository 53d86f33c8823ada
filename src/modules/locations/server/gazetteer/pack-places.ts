import type { Place } from '../../contract.ts';
import type { CountryRange, GazetteerData } from './gazetteer-data.ts';
import { foldedName } from './place-names.ts';

const degree = 1e5;

/** Packs places, in whatever order they come. */
export function packPlaces(places: readonly Place[]): GazetteerData {
	const sorted = places.toSorted(
		(one, other) =>
			(one.country < other.country ? -1 : one.country > other.country ? 1 : 0) ||
			other.population - one.population,
	);
	const countries: CountryRange[] = [];
	sorted.forEach(({ country }, row) => {
		const last = countries.at(-1);
		const from = last?.country === country ? (countries.pop()?.from ?? row) : row;
		countries.push({ country, from, to: row + 1 });
	});
	const names = packLines(sorted.map(({ name }) => name));
	const folded = packLines(sorted.map(({ name }) => foldedName(name)));
	return {
		names: names.text,
		nameStarts: names.starts,
		folded: folded.text,
		foldedStarts: folded.starts,
		positions: Int32Array.from(
			sorted.flatMap(({ lat, lon }) => [Math.round(lat * degree), Math.round(lon * degree)]),
		),
		populations: Uint32Array.from(sorted, ({ population }) => population),
		countries,
	};
}

function packLines(lines: readonly string[]) {
	const text = new TextEncoder().encode(`\n${lines.join('\n')}\n`);
	const starts = new Uint32Array(lines.length + 1);
	let row = 0;
	for (let at = 0; at < text.length; at++) if (text[at] === 0x0a) starts[row++] = at + 1;
	return { text, starts };
}

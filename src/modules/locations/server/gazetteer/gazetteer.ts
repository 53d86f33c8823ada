import { fork } from 'node:child_process';
import type { Place } from '../../contract.ts';
import { type GazetteerData, gazetteerDataSchema } from './gazetteer-data.ts';
import { searchGazetteer } from './search.ts';

/** The world's places by name, without asking anybody: read when somebody first asks, kept as some megabytes of bytes. */
export class Gazetteer {
	#data: Promise<GazetteerData> | null = null;

	/** At most twenty places; a text of fewer than two letters finds none. @param country ISO 3166-1 alpha-2 or null */
	async search(q: string, country: string | null): Promise<Place[]> {
		this.#data ??= readPlaces().catch((error: unknown) => {
			this.#data = null;
			throw error;
		});
		return searchGazetteer(await this.#data, q, country);
	}
}

function readPlaces(): Promise<GazetteerData> {
	const { promise, resolve, reject } = Promise.withResolvers<GazetteerData>();
	const child = fork(new URL('./pack-process.ts', import.meta.url), { serialization: 'advanced' });
	child.once('message', (data) => resolve(gazetteerDataSchema.parse(data)));
	child.once('error', reject);
	child.once('exit', (code) => reject(new Error(`the gazetteer's process ended with ${code}`)));
	return promise;
}

import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Header, PMTiles, type Source, TileType } from 'pmtiles';
import { z } from 'zod';
import { fault } from '#contract/faults.ts';
import type { OwnTiles } from '#contract/own-tiles.ts';
import { ConfigError } from '#platform/config.ts';

const servedAt = '/tiles/basemap.pmtiles';
const supportedVersion = 3;
const kinds = new Map<TileType, OwnTiles['kind']>([
	[TileType.Mvt, 'vector'],
	[TileType.Png, 'raster'],
	[TileType.Jpeg, 'raster'],
	[TileType.Webp, 'raster'],
	[TileType.Avif, 'raster'],
]);
const metadataSchema = z.object({
	attribution: z.string().catch(''),
	vector_layers: z.array(z.object({ id: z.string() })).catch([]),
});

/** Reads what a PMTiles file says of itself. Throws `ConfigError` when it cannot be used. */
export async function readOwnTiles(file: string): Promise<OwnTiles> {
	let handle: FileHandle | null = null;
	try {
		handle = await open(file);
		const tiles = new PMTiles(sourceOf(file, handle));
		const header = await tiles.getHeader();
		const kind = kindOf(header);
		const metadata = metadataSchema.parse(await tiles.getMetadata());
		const { mtimeMs, size } = await handle.stat();
		return {
			// Another file is another address, so browsers may keep what they have of this one.
			path: `${servedAt}?v=${Math.trunc(mtimeMs).toString(36)}-${size.toString(36)}`,
			kind,
			minZoom: header.minZoom,
			maxZoom: header.maxZoom,
			layers: metadata.vector_layers.map(({ id }) => id),
			attribution: metadata.attribution,
		};
	} catch (error) {
		throw new ConfigError(
			`The setting BASEMAP_PMTILES names ${file}, which cannot be used (${error instanceof Error ? error.message : String(error)}). Give the path of a PMTiles file of version 3, or leave the setting out to have the built-in basemap.`,
		);
	} finally {
		await handle?.close();
	}
}

function sourceOf(file: string, handle: FileHandle): Source {
	return {
		getKey: () => file,
		async getBytes(offset, length) {
			const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, offset);
			return { data: buffer.buffer.slice(0, bytesRead) };
		},
	};
}

function kindOf({ specVersion, tileType }: Header): OwnTiles['kind'] {
	if (specVersion !== supportedVersion) throw new Error(`its version is ${specVersion}`);
	const kind = kinds.get(tileType);
	if (kind === undefined) throw new Error('its tiles are neither vector tiles (MVT) nor images');
	return kind;
}

/** Serves the file in ranges to whoever is signed in. Needs the replies of `servePages`. */
export function serveOwnTiles(app: FastifyInstance, file: string): void {
	app.get(
		servedAt,
		{
			schema: { hide: true },
			// Here, because files of the pages get a header of their own when they are sent.
			onSend: async (_request, reply) => {
				if (reply.statusCode < 300)
					reply.header('cache-control', 'private, max-age=31536000, immutable');
			},
		},
		async (request, reply) => {
			if ((await app.identify(request)) === null) throw fault('not_signed_in');
			return reply.sendFile(basename(file), dirname(file));
		},
	);
}

import { z } from 'zod';

/** Tiles that an installation brings for the basemap, in place of the built-in one. */
export const ownTilesSchema = z.object({
	/** Path of the PMTiles file at this server, answered in ranges. */
	path: z.string(),
	kind: z.enum(['vector', 'raster']),
	minZoom: z.number(),
	maxZoom: z.number(),
	/** Layers of vector tiles by name. */
	layers: z.array(z.string()),
	/** Whose map this is, as the file says it: HTML. */
	attribution: z.string(),
});
export type OwnTiles = z.infer<typeof ownTilesSchema>;

import { addProtocol } from 'maplibre-gl';
import { FetchSource, PMTiles, Protocol } from 'pmtiles';

const protocol = new Protocol();
addProtocol('pmtiles', protocol.tile);

/** Lets MapLibre read tiles out of the file at this address, as `pmtiles://` and the address. */
export function offerTiles(url: string): void {
	if (protocol.get(url) === undefined) protocol.add(new PMTiles(new FetchSource(url)));
}

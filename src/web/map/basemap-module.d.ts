declare module 'virtual:basemap' {
	/** Addresses of the basemap's files. */
	const addresses: Readonly<Record<import('./build/basemap-data.ts').BasemapFile, string>>;
	export default addresses;
}

// Runs before the first paint, so that a dark page never flashes light. The key is the one in theme/colour-scheme.ts.
(() => {
	let chosen = null;
	try {
		chosen = localStorage.getItem('colour-scheme');
	} catch {
		// Storage is switched off: follow the system.
	}
	const dark = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
	document.documentElement.setAttribute(
		'data-mantine-color-scheme',
		chosen === 'dark' || chosen === 'light' ? chosen : dark,
	);
})();

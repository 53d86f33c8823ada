// Runs before the first paint, so that no other brand's colours flash. theme/brand.ts writes what is read here.
(() => {
	try {
		const properties = JSON.parse(localStorage.getItem('brand') ?? '{}');
		for (const [name, value] of Object.entries(properties))
			if (name.startsWith('--brand-')) document.documentElement.style.setProperty(name, value);
	} catch {
		// Storage is switched off, or holds something else: the brand comes with the first answer.
	}
})();

/** Letters that Unicode does not take apart into a Latin one and a mark. */
const folded: Readonly<Record<string, string>> = {
	ß: 'ss',
	æ: 'ae',
	œ: 'oe',
	ø: 'o',
	đ: 'd',
	ð: 'd',
	þ: 'th',
	ł: 'l',
	ı: 'i',
	ħ: 'h',
	ŧ: 't',
	ə: 'e',
	'‘': "'",
	'’': "'",
	ʻ: "'",
	ʼ: "'",
	'`': "'",
};

/** A name as it is compared: small letters without accents, whatever stands between its words as one space. */
export function foldedName(name: string): string {
	return name
		.toLowerCase()
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.replace(/[^a-z\d]/g, (sign) => folded[sign] ?? sign)
		.replace(/[\s\p{Pd}]+/gu, ' ')
		.trim();
}

/** ISO 3166-1 alpha-2, officially assigned. */
const countryCodes =
	'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'.split(
		' ',
	);

interface Choice {
	readonly value: string;
	readonly label: string;
}

/** Every country by name. */
export function countryChoices(): Choice[] {
	const names = new Intl.DisplayNames('en', { type: 'region' });
	return countryCodes
		.map((code) => ({ value: code, label: names.of(code) ?? code }))
		.sort((a, b) => a.label.localeCompare(b.label, 'en'));
}

/**
 * Every time zone with what it is ahead of UTC now.
 * @param current the one chosen now, which this browser may know by another name
 */
export function timeZoneChoices(current: string): Choice[] {
	const zones = new Set([...Intl.supportedValuesOf('timeZone'), current, 'UTC']);
	return [...zones].sort().map((zone) => ({ value: zone, label: `${zone} (${offsetOf(zone)})` }));
}

function offsetOf(timeZone: string): string {
	const parts = new Intl.DateTimeFormat('en', {
		timeZone,
		timeZoneName: 'longOffset',
	}).formatToParts();
	const offset = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
	return offset === 'GMT' ? 'UTC' : offset.replace('GMT', 'UTC');
}

export function browserTimeZone(): string {
	return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Not in every browser yet, and not in TypeScript's library. */
interface LocaleWithZones extends Intl.Locale {
	getTimeZones?(): string[] | undefined;
}

/** The country the browser is most likely in: by its time zone, else by its language; empty when neither tells. */
export function likelyCountry(timeZone: string, language: string): string {
	const inZone = countryCodes.filter((code) => {
		const locale: LocaleWithZones = new Intl.Locale(`und-${code}`);
		return locale.getTimeZones?.()?.includes(timeZone) ?? false;
	});
	const ofLanguage = new Intl.Locale(language).region ?? '';
	if (inZone.includes(ofLanguage)) return ofLanguage;
	return inZone[0] ?? (countryCodes.includes(ofLanguage) ? ofLanguage : '');
}

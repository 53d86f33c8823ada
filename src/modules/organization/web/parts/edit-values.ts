import type { OptionalModule, OrganizationSettings } from '../../contract.ts';

/** A chosen image file, and an address under which the page can show it. */
export interface NewLogo {
	readonly base64: string;
	readonly url: string;
}

/** What can be changed of the organization, as the form's fields hold it. */
export interface EditValues extends Record<string, unknown> {
	name: string;
	colour: string;
	/** Hash of the stored image. */
	logo: string | null;
	newLogo: NewLogo | null;
	timeZone: string;
	country: string;
	locale: string;
	currency: string | null;
	supportName: string;
	supportEmail: string;
	supportPhone: string;
	modules: OptionalModule[];
}

export function valuesOf(settings: OrganizationSettings): EditValues {
	return {
		...settings,
		colour: settings.colour ?? '',
		newLogo: null,
		supportName: settings.supportName ?? '',
		supportEmail: settings.supportEmail ?? '',
		supportPhone: settings.supportPhone ?? '',
		modules: [...settings.modules],
	};
}

/** What the fields say, as the endpoint takes it. */
export function settingsOf({ newLogo: _, ...values }: EditValues): OrganizationSettings {
	return {
		...values,
		name: values.name.trim(),
		colour: emptyAsNull(values.colour),
		supportName: emptyAsNull(values.supportName),
		supportEmail: emptyAsNull(values.supportEmail),
		supportPhone: emptyAsNull(values.supportPhone),
	};
}

function emptyAsNull(value: string): string | null {
	return value.trim() === '' ? null : value.trim();
}

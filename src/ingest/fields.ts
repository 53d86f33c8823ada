import {
	type FieldGroup,
	type FieldName,
	fieldGroups,
	fieldNames,
	type ReadingField,
	readingFields,
} from '#contract/device-reading.ts';

/** A standard value; the field's place in {@link fields} says which. */
export type FieldValue = number | boolean | string | null;

/** The standard values of a reading or snapshot by place; an array, since every message walks all of them. */
export type FieldValues = FieldValue[];

export interface PlacedField {
	readonly name: FieldName;
	readonly place: number;
	readonly groupPlace: number;
	readonly field: ReadingField;
}

/** Standard fields in the order of their columns in `readings` and `device_state`. */
export const fields: readonly PlacedField[] = fieldNames.map((name, place) => ({
	name,
	place,
	groupPlace: fieldGroups.indexOf(readingFields[name].group satisfies FieldGroup),
	field: readingFields[name],
}));

export const fieldByName: ReadonlyMap<string, PlacedField> = new Map(
	fields.map((placed) => [placed.name, placed]),
);

/** Place of a field, for code that means one field. */
export function placeOf(name: FieldName): number {
	return fieldByName.get(name)?.place ?? -1;
}

export function emptyValues(): FieldValues {
	return new Array<FieldValue>(fields.length).fill(null);
}

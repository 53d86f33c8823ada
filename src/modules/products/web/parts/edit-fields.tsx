import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import type { useForm } from '@mantine/form';
import { transportLabels, transports } from '#contract/family.ts';
import { text } from '../text.ts';
import type { EditValues } from './edit-values.ts';

interface EditFieldsProps {
	readonly inputProps: ReturnType<typeof useForm<EditValues>>['getInputProps'];
	/** The form begins with these fields. */
	readonly isFirst?: boolean;
}

/** The fields that adding and editing a device have in common. */
export function EditFields({ inputProps, isFirst = false }: EditFieldsProps) {
	return (
		<>
			<TextInput
				label={text('name')}
				{...(isFirst && { 'data-autofocus': true })}
				{...inputProps('name')}
			/>
			<TextInput label={text('simNo')} inputMode="numeric" {...inputProps('simNo')} />
			<NativeSelect
				label={text('transport')}
				data={[
					{ value: '', label: text('none') },
					...transports.map((value) => ({ value, label: transportLabels[value] })),
				]}
				{...inputProps('transport')}
			/>
			<NumberInput
				label={text('interval')}
				description={text('intervalHelp')}
				withAsterisk
				min={1}
				max={86_400}
				allowDecimal={false}
				{...inputProps('reportingIntervalSeconds')}
			/>
		</>
	);
}

import { Textarea } from '@mantine/core';
import type { useForm } from '@mantine/form';
import { text } from '../text.ts';

interface HostsFieldProps {
	readonly inputProps: ReturnType<ReturnType<typeof useForm>['getInputProps']>;
}

/** Host names, one in each line. */
export function HostsField({ inputProps }: HostsFieldProps) {
	return (
		<Textarea
			label={text('hosts')}
			description={text('hostsHelp')}
			autosize
			minRows={2}
			autoCapitalize="off"
			spellCheck={false}
			{...inputProps}
		/>
	);
}

import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { text } from './text.ts';

/** A password with a toggle that the keyboard reaches and that says what it does. */
export function PasswordField(props: PasswordInputProps) {
	const [isVisible, setIsVisible] = useState(false);
	return (
		<PasswordInput
			visible={isVisible}
			onVisibilityChange={setIsVisible}
			visibilityToggleIcon={({ reveal }) =>
				reveal ? <IconEyeOff size={18} stroke={1.6} /> : <IconEye size={18} stroke={1.6} />
			}
			visibilityToggleButtonProps={{
				'aria-label': isVisible ? text('hidePassword') : text('showPassword'),
				'aria-hidden': false,
				tabIndex: 0,
			}}
			{...props}
		/>
	);
}

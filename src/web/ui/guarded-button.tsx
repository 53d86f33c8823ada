import { Button, type ButtonProps, Tooltip, VisuallyHidden } from '@mantine/core';
import { type ComponentProps, useId } from 'react';

interface GuardedButtonProps extends ButtonProps, Pick<ComponentProps<'button'>, 'aria-haspopup'> {
	/** Why it may not be pressed now; null when it may. */
	readonly reason: string | null;
	readonly onClick: () => void;
}

/**
 * A button that says why it may not be pressed: it can be reached by keyboard and touch all the same, and its reason is
 * read out and shown.
 */
export function GuardedButton({ reason, onClick, ...rest }: GuardedButtonProps) {
	const reasonId = useId();
	const isHeld = reason !== null;
	return (
		<span>
			<Tooltip
				label={reason}
				disabled={!isHeld}
				multiline
				maw={280}
				events={{ hover: true, focus: true, touch: true }}
			>
				<Button
					variant="default"
					{...rest}
					data-disabled={isHeld || undefined}
					aria-disabled={isHeld || undefined}
					aria-describedby={isHeld ? reasonId : undefined}
					onClick={() => {
						if (!isHeld) onClick();
					}}
				/>
			</Tooltip>
			{isHeld ? <VisuallyHidden id={reasonId}>{reason}</VisuallyHidden> : null}
		</span>
	);
}

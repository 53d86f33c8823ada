import { Button } from '@mantine/core';
import classes from './load-fault.module.css';
import { FaultNotice } from './notice.tsx';
import { text } from './text.ts';

interface LoadFaultProps {
	readonly error: Error;
	readonly onRetry: () => void;
}

/** In place of what could not be read: why, and the way to try again. */
export function LoadFault({ error, onRetry }: LoadFaultProps) {
	return (
		<div className={classes.fault}>
			<FaultNotice>{error.message}</FaultNotice>
			<Button variant="default" onClick={onRetry}>
				{text('retry')}
			</Button>
		</div>
	);
}

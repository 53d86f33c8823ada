import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './notice.module.css';

interface NoticeProps {
	readonly children: ReactNode;
}

/** What did not work, beside the form it is about. Its place is there before it is filled, so that it is read out. */
export function FaultNotice({ children }: NoticeProps) {
	return (
		<div role="alert">
			{children === null ? null : (
				<div className={classes.notice}>
					<IconAlertTriangle size={18} stroke={1.7} aria-hidden />
					<span>{children}</span>
				</div>
			)}
		</div>
	);
}

import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { useRegion } from '#web/text/region.tsx';
import { ConfirmModal } from '#web/ui/confirm-modal.tsx';
import type { GridDialog } from '#web/ui/grid-page/grid.ts';
import { toastDone } from '#web/ui/toast.ts';
import { type OrganizationRow, removeOrganization } from '../../contract.ts';
import { text } from '../text.ts';

interface RemoveDialogProps extends GridDialog {
	readonly rows: readonly OrganizationRow[];
}

/** Deletes an organization once its name is typed. */
export default function RemoveDialog({ rows, onDone, ...dialog }: RemoveDialogProps) {
	const region = useRegion();
	const [{ organizationNo, name, users }] = useState(
		() => rows[0] ?? { organizationNo: 0, name: '', users: 0 },
	);
	return (
		<ConfirmModal
			{...dialog}
			title={text('remove')}
			confirmWord={name}
			what={text('removeWhat', { name, users: region.number(users) })}
			onConfirm={async (confirm) => {
				await call(removeOrganization, { params: { organizationNo }, body: { confirm } });
			}}
			onDone={() => {
				toastDone(text('removed', { name }));
				onDone();
			}}
		/>
	);
}

import { useMutation } from '@tanstack/react-query';
import { signOut } from '#modules/access/web/index.ts';
import { paths } from '#web/links.ts';
import { toastFault } from '#web/ui/toast.ts';
import { text } from './text.ts';

/** Ends the session and loads the sign-in page afresh, so that nothing that was fetched stays in memory. */
export function useSignOut(): { signOut: () => void; isPending: boolean } {
	const mutation = useMutation({
		mutationFn: signOut,
		onSuccess: () => location.assign(paths.signIn),
		onError: (error) => toastFault(text('signOutFailed', { reason: error.message })),
	});
	return { signOut: () => mutation.mutate(), isPending: mutation.isPending };
}

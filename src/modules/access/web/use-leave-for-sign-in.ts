import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { paths } from '#web/links.ts';
import { toastDone } from '#web/ui/toast.ts';

/** Leads to the sign-in page once a password was set: whatever session there was has ended. The link leaves the history. */
export function useLeaveForSignIn(): (done: string) => void {
	const queryClient = useQueryClient();
	const router = useRouter();
	return (done) => {
		queryClient.clear();
		toastDone(done);
		router.history.replace(paths.signIn);
	};
}

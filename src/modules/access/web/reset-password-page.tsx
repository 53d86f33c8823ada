import { call } from '#web/api/call.ts';
import { resetPassword } from '../contract.ts';
import { LinkGate } from './parts/link-gate.tsx';
import { NewPasswordForm } from './parts/new-password-form.tsx';
import { text } from './text.ts';
import { useLeaveForSignIn } from './use-leave-for-sign-in.ts';

/** Where somebody who forgot the password chooses another, with the link of a mail. */
export default function ResetPasswordPage() {
	const leave = useLeaveForSignIn();
	return (
		<LinkGate purpose="reset" title={text('resetTitle')}>
			{({ token, email }) => (
				<NewPasswordForm
					title={text('resetTitle')}
					intro={text('resetIntro')}
					submitLabel={text('resetSubmit')}
					token={token}
					email={email}
					send={(body) => call(resetPassword, { body })}
					onDone={() => leave(text('resetDone'))}
				/>
			)}
		</LinkGate>
	);
}

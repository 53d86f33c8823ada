import { call } from '#web/api/call.ts';
import { activateAccount } from '../contract.ts';
import { LinkGate } from './parts/link-gate.tsx';
import { NewPasswordForm } from './parts/new-password-form.tsx';
import { text } from './text.ts';
import { useLeaveForSignIn } from './use-leave-for-sign-in.ts';

/** Where somebody new chooses the first password, with the link of a mail. */
export default function ActivatePage() {
	const leave = useLeaveForSignIn();
	return (
		<LinkGate purpose="activate" title={text('activateTitle')}>
			{({ token, email, organizationName }) => (
				<NewPasswordForm
					title={text('activateTitle')}
					intro={text('activateIntro', { name: organizationName })}
					submitLabel={text('activateSubmit')}
					token={token}
					email={email}
					send={(body) => call(activateAccount, { body })}
					onDone={() => leave(text('activateDone'))}
				/>
			)}
		</LinkGate>
	);
}

import type { MisRole, Role } from './roles.ts';
import type { Scope } from './scope.ts';

/** A browser's session, a token that a program sends, or a link that came by mail. */
export type Credential =
	| { readonly kind: 'session'; readonly sessionId: string }
	| {
			readonly kind: 'token';
			readonly tokenNo: number;
			readonly name: string;
			/** Whether it may change anything. */
			readonly mayControl: boolean;
			/** Whose role it controls by where its owner has none to control; null: by the owner's own. */
			readonly lentBy: Role | null;
	  }
	| { readonly kind: 'link' };

/** Who acts: a signed-in member of one organization, with what the member may see. */
export interface Principal {
	readonly userId: string;
	/** By what the caller is known. */
	readonly credential: Credential;
	readonly email: string;
	readonly name: string;
	readonly role: Role;
	/** `admin` has the MIS dashboards besides what the role gives. */
	readonly misRole: MisRole;
	readonly scope: Scope;
	readonly organization: {
		readonly name: string;
		readonly timeZone: string;
		readonly country: string;
		readonly locale: string;
	};
	/**
	 * Present while the organization requires a second factor that the user has yet to set up: the session may do nothing
	 * else until then.
	 */
	readonly lacksSecondFactor?: true;
	/** The own organization of a Super Admin who is in another one; absent for everybody who is in their own. */
	readonly enteredFrom?: { readonly organizationNo: number; readonly name: string };
}

/** The role by which somebody tells devices what to do: a token may hold that of whoever lent it to its owner. */
export function commandingRole({ role, credential }: Principal): Role {
	return credential.kind === 'token' ? (credential.lentBy ?? role) : role;
}

import type { Role } from './roles.ts';
import type { Scope } from './scope.ts';

/** Who acts: a signed-in member of one organization, with what the member may see. */
export interface Principal {
	readonly userId: string;
	readonly sessionId: string;
	readonly email: string;
	readonly name: string;
	readonly role: Role;
	readonly scope: Scope;
	readonly organization: {
		readonly name: string;
		readonly timeZone: string;
		readonly country: string;
		readonly locale: string;
	};
}

import type { Config } from '#platform/config.ts';

export interface DemoUser {
	readonly role: string;
	readonly email: string;
	readonly password: string;
}

export interface AnnouncementFacts {
	readonly version: string;
	readonly config: Pick<Config, 'publicUrl'>;
	readonly product: {
		readonly httpPort: number;
		readonly mqttPort: number;
		/** Null without a certificate. */
		readonly mqttsPort: number | null;
		readonly osmandPort: number;
		/** Path with the one-time token; null when the installation is set up. */
		readonly setupLink: string | null;
	};
	/** Whether the demo fleet was asked for. */
	readonly demo: boolean;
	/** Sign-ins of the demo fleet; null when the installation was set up before. */
	readonly demoUsers: readonly DemoUser[] | null;
}

/** What the person who starts the server reads when it is ready. */
export function announcement(facts: AnnouncementFacts): string {
	const { httpPort, mqttPort, mqttsPort, osmandPort, setupLink } = facts.product;
	const portal = facts.config.publicUrl ?? `http://localhost:${httpPort}`;
	const lines = [
		'',
		`Quarterdeck ${facts.version} is ready.`,
		'',
		`  Portal   ${portal}`,
		`  Devices  mqtt://localhost:${mqttPort}`,
		...(mqttsPort === null ? [] : [`           mqtts://localhost:${mqttsPort}`]),
		`           http://localhost:${osmandPort} (OsmAnd)`,
	];
	if (facts.demo) lines.push('', ...demoLines(facts.demoUsers));
	else if (setupLink !== null)
		lines.push('', 'Set it up here (this link works once):', '', `  ${portal}${setupLink}`);
	return [...lines, '', 'Ctrl-C stops it.', ''].join('\n');
}

function demoLines(users: readonly DemoUser[] | null): string[] {
	if (users === null)
		return ['The installation was set up before; --demo has changed nothing. Sign in as before.'];
	const widthOf = (key: 'role' | 'email') => Math.max(...users.map((user) => user[key].length));
	const [roleWidth, emailWidth] = [widthOf('role'), widthOf('email')];
	return [
		'Demo fleet: sign in as any of these. The passwords are shown only now.',
		'',
		...users.map(
			({ role, email, password }) =>
				`  ${role.padEnd(roleWidth)}  ${email.padEnd(emailWidth)}  ${password}`,
		),
	];
}

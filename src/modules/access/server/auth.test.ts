import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { createMember } from '#modules/users/server/index.ts';
import { createPool, isUnavailable } from '#platform/database/connect.ts';
import { createTestDatabase } from '../../../../tests/harness/database.ts';
import { openDatabaseLine } from '../../../../tests/harness/database-line.ts';
import { foundOrganization } from '../../../../tests/harness/organization.ts';
import { createAuth } from './auth.ts';

const account = { email: 'asha@harbour.example', password: 'correct horse battery staple' };
const warning = 40;

test('a database that goes away under a sign-in is told to whoever asked, and warned of in the log', async () => {
	const db = await createTestDatabase();
	onTestFinished(() => db.drop());
	await createMember(db.database, {
		...account,
		organizationNo: await foundOrganization(db.database, 'Harbour'),
		name: 'Asha',
		role: 'admin',
		dealerNo: null,
		customerNos: null,
	});
	const line = await openDatabaseLine(db.url);
	const pool = createPool(line.url, 'test', 2);
	onTestFinished(async () => {
		await pool.end();
		await line.close();
	});
	const logged: unknown[] = [];
	const log = pino({ level: 'warn' }, { write: (text) => logged.push(JSON.parse(text)) });
	const auth = createAuth({
		pool,
		secret: 'a secret of at least thirty-two letters',
		publicUrl: null,
		limits: { perAddress: 10, perAccount: 10 },
		takesPassword: async () => true,
		needsSecondStep: async () => false,
		log,
	});
	const signIn = () =>
		auth.handler(
			new Request('http://harbour.example/api/auth/sign-in/email', {
				method: 'POST',
				headers: { 'content-type': 'application/json', origin: 'http://harbour.example' },
				body: JSON.stringify(account),
			}),
		);
	const cookie = (await signIn()).headers.getSetCookie()[0]?.split(';')[0] ?? '';
	const ask = () => auth.api.getSession({ headers: new Headers({ cookie }) });
	expect(await ask()).toMatchObject({ user: { email: account.email } });
	expect(logged).toEqual([]);
	await line.cut();
	const failure = await signIn().catch((error: unknown) => error);
	expect(isUnavailable(failure), String(failure)).toBe(true);
	expect(logged).toEqual([]);
	await expect(ask()).rejects.toThrow();
	expect(logged).toMatchObject([{ level: warning, msg: expect.stringMatching(/^sign-in: /) }]);
});

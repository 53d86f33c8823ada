import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { sql } from 'kysely';
import { pino } from 'pino';
import PostalMime from 'postal-mime';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/harness/database.ts';
import { createTestFolder, type TestFolder } from '../../../tests/harness/folder.ts';
import {
	startMailServer,
	type TestMailServer,
	type TestMailServerOptions,
} from '../../../tests/harness/mail-server.ts';
import { until } from '../../../tests/harness/until.ts';
import { createMailSender } from './create-sender.ts';
import { endMails, type NewMail, queueAgain, queueMail } from './queue.ts';
import { renderMail } from './render-mail.ts';
import { mostAttempts, pauseAfter } from './retry.ts';
import type { MailSender } from './sender.ts';

const from = 'portal@fleet.example';
let db: TestDatabase;
let folder: TestFolder;
let organizationNo: number;
const servers: TestMailServer[] = [];
const senders: MailSender[] = [];
let lines: string[] = [];

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	const { rows } = await db.pool.query(`
		insert into organization (name, time_zone, country, locale)
		values ('Harbour', 'UTC', 'IN', 'en-IN') returning organization_no`);
	organizationNo = rows[0].organization_no;
});
afterEach(async () => {
	await Promise.all(senders.splice(0).map((sender) => sender.stop()));
	await Promise.all(servers.splice(0).map((server) => server.stop()));
	await db.pool.query('delete from mail');
	lines = [];
});
afterAll(async () => {
	await db.drop();
	await folder.remove();
});

async function serverWith(options?: TestMailServerOptions): Promise<TestMailServer> {
	const server = await startMailServer(options);
	servers.push(server);
	return server;
}

/** Starts a sender; without an SMTP server mails are kept. */
function startSender(smtpUrl: string | null): MailSender {
	const log = pino(
		{ level: 'trace' },
		new Writable({
			write(chunk, _encoding, done) {
				lines.push(String(chunk));
				done();
			},
		}),
	);
	const sender = createMailSender({
		database: db.database,
		smtp: smtpUrl === null ? null : { smtpUrl, senderAddress: from },
		dataDir: folder.path,
		log,
		intervalMs: 20,
	});
	senders.push(sender);
	sender.start();
	return sender;
}

function mailTo(recipient: string, parts: Partial<NewMail> = {}): NewMail {
	return {
		organizationNo,
		userId: null,
		senderName: 'Harbour Fleet',
		recipient,
		content: renderMail(
			{ name: 'Harbour Fleet', supportContact: 'Call +91 80 1234', buttonColour: '#20768a' },
			{
				subject: 'Grüße & <Wünsche>',
				paragraphs: ['First <b>sentence</b> & more.'],
				button: { label: 'Open', href: 'https://fleet.example/x?a=1&b=2#secret-token' },
				closing: ['The end.'],
			},
		),
		validSeconds: 3600,
		...parts,
	};
}

const queue = (recipient: string, parts?: Partial<NewMail>) =>
	queueMail(db.database, mailTo(recipient, parts));

async function rowOf(mailNo: number) {
	return db.database
		.selectFrom('mail')
		.selectAll()
		.where('mail_no', '=', mailNo)
		.executeTakeFirstOrThrow();
}

/** The next attempt comes now. */
const hurry = (mailNo: number) =>
	sql`update mail set next_attempt_at = now() where mail_no = ${mailNo}`.execute(db.database);

const hasState = (mailNo: number, state: string) =>
	until(async () => {
		const row = await rowOf(mailNo);
		expect(row.state, row.last_error ?? '').toBe(state);
		return row;
	});

test('a mail comes as text and HTML, in the organization’s name, and its text is gone once it is sent', async () => {
	const server = await serverWith();
	startSender(`smtp://127.0.0.1:${server.port}`);
	const mailNo = await queue('asha@example.com');
	const row = await hasState(mailNo, 'sent');
	expect(row).toMatchObject({ attempts: 1, text: null, html: null, last_error: null });
	expect(row.ended_at).not.toBeNull();

	expect(server.mails).toHaveLength(1);
	const [mail] = server.mails;
	expect(mail).toMatchObject({
		from: { name: 'Harbour Fleet', address: from },
		recipient: 'asha@example.com',
		subject: 'Grüße & <Wünsche>',
		messageId: `<${row.message_id}@fleet.example>`,
	});
	expect(mail?.text).toContain('First <b>sentence</b> & more.');
	expect(mail?.text).toContain('\nhttps://fleet.example/x?a=1&b=2#secret-token\n');
	expect(mail?.text).toContain('Call +91 80 1234');
	expect(mail?.html).toContain('First &lt;b&gt;sentence&lt;/b&gt; &amp; more.');
	expect(
		mail?.html?.match(/href="https:\/\/fleet\.example\/x\?a=1&amp;b=2#secret-token"/g),
	).toHaveLength(2);
	expect(mail?.html).not.toMatch(/<img|<script|<link|url\(/);
	expect(mail?.raw).not.toMatch(/quarterdeck|nodemailer/i);
	expect(mail?.raw).toContain('Auto-Submitted: auto-generated');
	expect(lines.join()).not.toMatch(/secret-token|asha@example/);
});

test.each([
	{ what: 'STARTTLS where it is offered', options: { offersStartTls: true }, scheme: 'smtp' },
	{ what: 'TLS from the start', options: { secure: true }, scheme: 'smtps' },
])('goes by $what, with a password', async ({ options, scheme }) => {
	const credentials = { user: 'portal@x', password: 'p/ss:w@rd' };
	const server = await serverWith({ ...options, credentials });
	const user = encodeURIComponent(credentials.user);
	const at = `127.0.0.1:${server.port}?tls.rejectUnauthorized=false`;
	startSender(`${scheme}://${user}:${encodeURIComponent(credentials.password)}@${at}`);
	await hasState(await queue('asha@example.com'), 'sent');
	expect(server.mails[0]).toMatchObject({ isSecure: true, user: credentials.user });
	expect(lines.join()).not.toContain(credentials.password);
});

test('a certificate that nobody vouches for is not trusted', async () => {
	const server = await serverWith({ offersStartTls: true });
	startSender(`smtp://127.0.0.1:${server.port}`);
	const mailNo = await queue('asha@example.com');
	await until(async () => {
		expect((await rowOf(mailNo)).last_error).toMatch(/certificate/i);
	});
	expect(server.mails).toEqual([]);
});

test('a wrong password is no reason to give mails up', async () => {
	const server = await serverWith({
		offersStartTls: true,
		credentials: { user: 'portal', password: 'right' },
	});
	startSender(`smtp://portal:wrong@127.0.0.1:${server.port}?tls.rejectUnauthorized=false`);
	const mailNo = await queue('asha@example.com');
	await until(async () => {
		expect(await rowOf(mailNo)).toMatchObject({
			state: 'queued',
			last_error: expect.stringMatching(/login|535/i),
		});
	});
	expect(lines.join()).toContain('EAUTH');
	expect(lines.join()).not.toContain('portal:wrong');
});

test('a refusal for now is tried again later, with longer pauses', async () => {
	const server = await serverWith();
	server.refuseWith(451);
	startSender(`smtp://127.0.0.1:${server.port}`);
	const mailNo = await queue('asha@example.com');
	for (const [refused, pauseSeconds] of [30, 60, 120].entries()) {
		await until(async () => {
			const { rows } = await sql<{ leftSeconds: number }>`
				select attempts, state, last_error as error,
					extract(epoch from next_attempt_at - now())::float8 as "leftSeconds"
				from mail where mail_no = ${mailNo}`.execute(db.database);
			expect(rows[0]).toMatchObject({
				attempts: refused + 1,
				state: 'queued',
				error: expect.stringContaining('451'),
			});
			expect(rows[0]?.leftSeconds).toBeGreaterThan(pauseSeconds / 2);
			expect(rows[0]?.leftSeconds).toBeLessThanOrEqual(pauseSeconds);
		});
		if (pauseSeconds === 120) server.refuseWith(null);
		await hurry(mailNo);
	}
	expect(await hasState(mailNo, 'sent')).toMatchObject({ attempts: 4, last_error: null });
	expect([server.offers, server.mails.length]).toEqual([4, 1]);
});

test('a refusal for good is the last word, and the text stays for who wants to send it again', async () => {
	const server = await serverWith();
	server.refuseWith(550);
	startSender(`smtp://127.0.0.1:${server.port}`);
	const mailNo = await queue('asha@example.com');
	const row = await hasState(mailNo, 'failed');
	expect(row).toMatchObject({ attempts: 1, last_error: expect.stringContaining('550') });
	expect(row.text).toContain('secret-token');
	expect(lines.join()).not.toMatch(/secret-token|asha@example/);

	server.refuseWith(null);
	expect(await queueAgain(db.database, mailNo)).toBe(true);
	expect(await hasState(mailNo, 'sent')).toMatchObject({ attempts: 1, text: null });
	expect(await queueAgain(db.database, mailNo)).toBe(false);
});

test('a server that is away delays mails, and a new start of ours loses none', async () => {
	// Nobody but an administrator could listen there.
	const first = startSender('smtp://127.0.0.1:1');
	const mailNos = [await queue('one@example.com'), await queue('two@example.com')];
	await until(async () => {
		expect((await rowOf(mailNos[0] ?? 0)).last_error).toContain('ECONNREFUSED');
	});
	await first.stop();
	const server = await serverWith();
	startSender(`smtp://127.0.0.1:${server.port}`);
	for (const mailNo of mailNos) {
		await hurry(mailNo);
		await hasState(mailNo, 'sent');
	}
	expect(server.mails.map((mail) => mail.recipient).sort()).toEqual([
		'one@example.com',
		'two@example.com',
	]);
});

test('several senders send each mail once, and none of a transaction that is taken back', async () => {
	const server = await serverWith();
	for (let i = 0; i < 4; i++) startSender(`smtp://127.0.0.1:${server.port}`);
	const recipients = Array.from({ length: 20 }, (_, i) => `m${i}@example.com`);
	const mailNos = await Promise.all(recipients.map((recipient) => queue(recipient)));
	await db.database
		.transaction()
		.execute(async (transaction) => {
			await queueMail(transaction, mailTo('never@example.com'));
			throw new Error('taken back');
		})
		.catch(() => {});
	for (const mailNo of mailNos) await hasState(mailNo, 'sent');
	expect(server.mails.map((mail) => mail.recipient).sort()).toEqual(recipients.sort());
});

test('what is past is not sent, and nobody can read it', async () => {
	const server = await serverWith();
	const mailNo = await queue('asha@example.com', { validSeconds: -1 });
	startSender(`smtp://127.0.0.1:${server.port}`);
	expect(await hasState(mailNo, 'failed')).toMatchObject({ text: null, html: null });
	expect(server.offers).toBe(0);
});

test('without a server mails are kept as files that only their owner reads, until their link ends', async () => {
	const sender = startSender(null);
	const mailNo = await queue('asha@example.com');
	const row = await hasState(mailNo, 'kept');
	expect(row.text).toContain('secret-token');
	const outbox = join(folder.path, 'outbox');
	const file = join(outbox, `${mailNo}.eml`);
	expect((await stat(file)).mode & 0o777).toBe(0o600);
	expect((await stat(outbox)).mode & 0o777).toBe(0o700);
	const mail = await PostalMime.parse(await readFile(file));
	expect(mail).toMatchObject({ subject: 'Grüße & <Wünsche>', from: { name: 'Harbour Fleet' } });
	expect(mail.text).toContain('secret-token');
	expect(lines.filter((line) => line.includes('SMTP_URL is not set'))).toHaveLength(1);
	expect(lines.join()).not.toContain('secret-token');

	await sender.maintain();
	expect(await readdir(outbox)).toEqual([`${mailNo}.eml`]);
	await endMails(db.database, [mailNo]);
	await sender.maintain();
	expect(await rowOf(mailNo)).toMatchObject({ state: 'kept', text: null, html: null });
	expect(await readdir(outbox)).toEqual([]);
	expect(await queueAgain(db.database, mailNo)).toBe(false);
});

test('pauses grow to four hours, for about a day', () => {
	const pauses = Array.from({ length: mostAttempts }, (_, i) => pauseAfter(i + 1));
	expect(pauses.at(-1)).toBeNull();
	const seconds = pauses.slice(0, -1).map((pause) => pause ?? 0);
	expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
	expect(Math.max(...seconds)).toBe(4 * 3600);
	expect(seconds.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(20 * 3600);
});

test('whatever a name holds, it is no markup of the mail', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), fc.string(), (name, sentence) => {
			const plain = renderMail(
				{ name: 'x', supportContact: null, buttonColour: '#20768a' },
				{ subject: 'x', paragraphs: ['x'], button: { label: 'x', href: 'x' }, closing: [] },
			);
			const { html } = renderMail(
				{ name, supportContact: null, buttonColour: '#20768a' },
				{
					subject: name,
					paragraphs: [sentence],
					button: { label: name, href: sentence },
					closing: [],
				},
			);
			const tags = (text: string) => text.match(/<[^>]*?(?=[\s>])/g);
			expect(tags(html)).toEqual(tags(plain.html));
			expect(html.match(/"/g)).toHaveLength(plain.html.match(/"/g)?.length ?? 0);
		}),
		{ numRuns: 50 },
	);
});

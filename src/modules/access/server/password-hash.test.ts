import { hashPassword as hashAsLibrary } from 'better-auth/crypto';
import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './password-hash.ts';

const password = 'Ünder the lantern, 港';

test('takes the password it was made of and no other', async () => {
	const hash = await hashPassword(password);
	expect(hash).toMatch(/^scrypt\$32768\$8\$3\$[0-9a-f]{32}\$[0-9a-f]{128}$/);
	expect(await verifyPassword({ hash, password })).toBe(true);
	expect(await verifyPassword({ hash, password: password.normalize('NFD') })).toBe(true);
	for (const tried of ['', ` ${password}`, password.toUpperCase(), password.slice(0, -1)])
		expect(await verifyPassword({ hash, password: tried })).toBe(false);
	expect(await hashPassword(password)).not.toBe(hash);
});

test('keeps to the settings that a hash names, and knows those that name none', async () => {
	// RFC 7914, 12: the second test vector.
	const vector =
		'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640';
	const hash = `scrypt$1024$8$16$${Buffer.from('NaCl').toString('hex')}$${vector}`;
	expect(await verifyPassword({ hash, password: 'password' })).toBe(true);
	expect(await verifyPassword({ hash, password: 'Password' })).toBe(false);
	const before = await hashAsLibrary(password);
	expect(await verifyPassword({ hash: before, password })).toBe(true);
	expect(await verifyPassword({ hash: before, password: 'other' })).toBe(false);
});

test('a hash without a key takes nothing', async () => {
	expect(await verifyPassword({ hash: 'scrypt$1024$8$1$00$', password: '' })).toBe(false);
});

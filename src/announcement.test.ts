import { expect, test } from 'vitest';
import { announcement } from './announcement.ts';

const link = '/setup#token';
const running = {
	version: '1.2.3',
	config: { publicUrl: null },
	product: { httpPort: 8080, mqttPort: 1883, mqttsPort: null, osmandPort: 5055, setupLink: link },
	demo: false,
	demoUsers: null,
};

test('a first start says where everything is and how to set it up', () => {
	expect(announcement(running)).toBe(`
Quarterdeck 1.2.3 is ready.

  Portal   http://localhost:8080
  Devices  mqtt://localhost:1883
           http://localhost:5055 (OsmAnd)

Set it up here (this link works once):

  http://localhost:8080/setup#token

Ctrl-C stops it.
`);
});

test('with a certificate it says where devices speak over TLS', () => {
	const product = { ...running.product, mqttsPort: 8883 };
	expect(announcement({ ...running, product })).toContain(
		'mqtt://localhost:1883\n           mqtts://localhost:8883\n',
	);
});

test('a later start has no link, and names the public address', () => {
	const text = announcement({
		...running,
		config: { publicUrl: 'https://fleet.example.com' },
		product: { ...running.product, setupLink: null },
	});
	expect(text).toContain('Portal   https://fleet.example.com\n');
	expect(text).not.toContain('link');
});

test('the demo shows its sign-ins in columns, and no setup link that is spent', () => {
	const text = announcement({
		...running,
		demo: true,
		demoUsers: [
			{ role: 'Super Admin', email: 'super@example.com', password: 'one' },
			{ role: 'Dealer', email: 'dealer.one@example.com', password: 'two' },
		],
	});
	expect(text).toContain('  Super Admin  super@example.com       one\n');
	expect(text).toContain('  Dealer       dealer.one@example.com  two\n');
	expect(text).not.toContain(link);
});

test('a demo that finds the installation set up says so', () => {
	expect(announcement({ ...running, demo: true })).toContain('--demo has changed nothing');
});

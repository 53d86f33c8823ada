import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const checkout = join(import.meta.dirname, '..');
const read = <Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> =>
	schema.parse(JSON.parse(readFileSync(join(checkout, name), 'utf8')));

const versions = z.record(z.string(), z.string());
const manifest = read(
	'package.json',
	z.object({
		dependencies: versions,
		devDependencies: versions,
		allowScripts: z.record(z.string(), z.boolean()),
	}),
);
const locked = read(
	'package-lock.json',
	z.object({
		packages: z.record(
			z.string(),
			z.object({
				version: z.string().optional(),
				integrity: z.string().optional(),
				hasInstallScript: z.boolean().optional(),
			}),
		),
	}),
).packages;

test('every package that is asked for is one exact version, and that is the one locked', () => {
	for (const [name, version] of Object.entries({
		...manifest.dependencies,
		...manifest.devDependencies,
	})) {
		expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
		expect(locked[`node_modules/${name}`]?.version, name).toBe(version);
	}
});

test('every package is known by the hash of its content', () => {
	const { '': _, ...packages } = locked;
	expect(Object.keys(packages).length).toBeGreaterThan(0);
	for (const [path, { integrity }] of Object.entries(packages))
		expect(integrity, path).toMatch(/^sha512-/);
});

test('only packages that need it may run a script when they are installed', () => {
	const allowed = Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name]);
	expect(allowed.length).toBeGreaterThan(0);
	for (const name of allowed)
		expect(locked[`node_modules/${name}`]?.hasInstallScript, name).toBe(true);
});

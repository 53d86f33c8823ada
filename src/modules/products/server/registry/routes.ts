import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { fault } from '#contract/faults.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { actorOf } from '#modules/audit/server/index.ts';
import { serve, serveFile, serveUpload } from '#platform/http/serve.ts';
import type { Log } from '#platform/log.ts';
import {
	addDevice as addDeviceEndpoint,
	applyDeviceImport,
	assignDevices as assignDevicesEndpoint,
	bringBackDevice as bringBackDeviceEndpoint,
	changeDeviceSettings,
	csvMediaType,
	editDevice as editDeviceEndpoint,
	importMaxBytes,
	importTemplate,
	issueImportKeys,
	listAssignments,
	listDeviceImports,
	listHeldDevices,
	listRegisteredDevices,
	renewDeviceKey,
	retireDevice as retireDeviceEndpoint,
	showDeviceImport,
	showDeviceSettings,
	showRegisteredDevice,
	uploadDevices,
} from '../../contract.ts';
import { assignDevices } from '../assigning/actions.ts';
import { readHeldDevices } from '../assigning/store.ts';
import { DeviceImports, found } from '../import/actions.ts';
import { keysFile, templateFile } from '../import/files.ts';
import { readImports, readNamedRows } from '../import/store.ts';
import {
	addDevice,
	bringBackDevice,
	editDevice,
	type RegistryActionOptions,
	renewKey,
	retireDevice,
} from './actions.ts';
import { serveRegistryExport } from './export.ts';
import { changeSettings, readDeviceSettings } from './settings.ts';
import { readAssignments, readRegisteredDevice, readRegistryPage } from './store.ts';

export interface DeviceRegistryOptions extends RegistryActionOptions {
	readonly pool: pg.Pool;
	readonly log: Log;
}

/** The endpoints under which devices are kept: list, add, import, edit, keys, retire. */
export function serveDeviceRegistry(app: FastifyInstance, options: DeviceRegistryOptions): void {
	const { database } = options;

	serve(app, listRegisteredDevices, ({ query, principal: { scope } }) =>
		readRegistryPage(database, scope, query),
	);
	serveRegistryExport(app, options);
	serve(app, showRegisteredDevice, async ({ params, principal: { scope } }) => {
		const device = await readRegisteredDevice(database, scope, params.deviceId);
		if (device === undefined) throw fault('not_found', { thing: 'device' });
		return device;
	});
	serve(app, listAssignments, async ({ params, principal: { scope } }) => {
		const device = await readRegisteredDevice(database, scope, params.deviceId);
		if (device === undefined) throw fault('not_found', { thing: 'device' });
		return { assignments: await readAssignments(database, scope, device.deviceNo) };
	});

	serve(app, listHeldDevices, ({ query, principal: { scope } }) =>
		readHeldDevices(database, scope, query),
	);
	serve(app, assignDevicesEndpoint, (call) => assignDevices(options, actorOf(call), call.body));

	serve(app, addDeviceEndpoint, (call) => addDevice(options, actorOf(call), call.body));
	serve(app, editDeviceEndpoint, (call) =>
		editDevice(options, actorOf(call), call.params.deviceId, call.body.before, call.body.after),
	);
	serve(app, renewDeviceKey, (call) =>
		renewKey(options, actorOf(call), call.params.deviceId, call.body.graceHours),
	);
	serve(app, retireDeviceEndpoint, (call) =>
		retireDevice(options, actorOf(call), call.params.deviceId),
	);
	serve(app, bringBackDeviceEndpoint, (call) =>
		bringBackDevice(options, actorOf(call), call.params.deviceId),
	);

	serve(app, showDeviceSettings, ({ principal: { scope } }) =>
		readDeviceSettings(database, scope.organizationNo),
	);
	serve(app, changeDeviceSettings, (call) =>
		changeSettings(database, actorOf(call), call.body.before, call.body.after),
	);
	serveImports(app, options);
}

function serveImports(app: FastifyInstance, options: DeviceRegistryOptions): void {
	const { database } = options;
	const imports = new DeviceImports(options);
	app.addHook('preClose', () => imports.stop());

	serveFile(app, importTemplate, csvMediaType, async ({ reply }) => {
		reply.header('content-disposition', 'attachment; filename="devices-template.csv"');
		return Readable.from([templateFile()], { objectMode: false });
	});
	serveUpload(
		app,
		uploadDevices,
		{ mediaType: csvMediaType, maxBytes: importMaxBytes, otherwise: 'not_csv' },
		({ query, principal }, file) => imports.upload(principal, query.fileName, file),
	);
	serve(app, listDeviceImports, async ({ principal: { scope } }) => {
		requireWholeOrganization(scope);
		return { imports: await readImports(database, scope.organizationNo) };
	});
	serve(app, showDeviceImport, async ({ params: { importNo }, principal: { scope } }) => {
		requireWholeOrganization(scope);
		const one = await found(database, scope.organizationNo, importNo);
		const [problems, warnings] = await Promise.all([
			readNamedRows(database, importNo, 'problem'),
			readNamedRows(database, importNo, 'warning'),
		]);
		return { ...one, problems, warnings };
	});
	serve(app, applyDeviceImport, (call) => imports.apply(actorOf(call), call.params.importNo));
	serveFile(app, issueImportKeys, csvMediaType, async (call) => {
		const file = keysFile(await imports.issueKeys(actorOf(call), call.params.importNo));
		call.reply.header('content-disposition', 'attachment; filename="device-keys.csv"');
		return Readable.from([file], { objectMode: false });
	});
}

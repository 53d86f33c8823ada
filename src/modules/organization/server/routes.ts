import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { fault } from '#contract/faults.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { actorOf } from '#modules/audit/server/index.ts';
import { serve } from '#platform/http/serve.ts';
import {
	addOrganization,
	changeOrganization,
	editOrganization,
	enterOrganization,
	leaveOrganization,
	listOrganizations,
	removeOrganization,
	showOrganization,
	showOrganizationRow,
} from '../contract.ts';
import { serveBrandFiles } from './brand-routes.ts';
import * as entering from './entering.ts';
import { serveOrganizationExport } from './export.ts';
import * as actions from './organization-actions.ts';
import { readOrganization, readOrganizations } from './organization-list.ts';
import { changeSettings, readSettings } from './settings.ts';
import { readHosts } from './store.ts';

export interface OrganizationRoutesOptions extends actions.AddingOptions {
	readonly pool: pg.Pool;
}

/** The endpoints of the own organization and, for Super Admins, of all; and what browsers show of a brand. */
export function serveOrganizationRoutes(
	app: FastifyInstance,
	options: OrganizationRoutesOptions,
): void {
	serveBrandFiles(app, options.database);
	serveSettings(app, options);
	serveOrganizations(app, options);
	serveOrganizationExport(app, options);
	serveEntering(app, options);
}

function serveSettings(
	app: FastifyInstance,
	{ database, changed }: OrganizationRoutesOptions,
): void {
	serve(app, showOrganization, async ({ principal }) => {
		const organizationNo = requireWholeOrganization(principal.scope);
		return {
			...(await readSettings(database, organizationNo)),
			hosts: await readHosts(database, organizationNo),
		};
	});
	serve(app, changeOrganization, async (call) => {
		const settings = await changeSettings(database, actorOf(call), call.body);
		changed(call.principal.userId);
		return settings;
	});
}

function serveOrganizations(app: FastifyInstance, options: OrganizationRoutesOptions): void {
	const { database, changed } = options;
	serve(app, listOrganizations, ({ query, principal }) => {
		requireWholeOrganization(principal.scope);
		return readOrganizations(database, principal, query);
	});
	serve(app, showOrganizationRow, async ({ params, principal }) => {
		requireWholeOrganization(principal.scope);
		const row = await readOrganization(database, principal, params.organizationNo);
		if (row === undefined) throw fault('not_found', { thing: 'organization' });
		return row;
	});
	serve(app, addOrganization, (call) =>
		actions.addOrganization(options, actorOf(call), call.body, call.request.host),
	);
	serve(app, editOrganization, async (call) => {
		const { before, after } = call.body;
		const { organizationNo } = call.params;
		const row = await actions.editOrganization(
			database,
			actorOf(call),
			organizationNo,
			before,
			after,
		);
		changed(call.principal.userId);
		return row;
	});
	serve(app, removeOrganization, async (call) => {
		const { organizationNo } = call.params;
		const userIds = await actions.removeOrganization(
			database,
			actorOf(call),
			organizationNo,
			call.body.confirm,
		);
		for (const userId of userIds) changed(userId);
		return {};
	});
}

function serveEntering(
	app: FastifyInstance,
	{ database, changed }: OrganizationRoutesOptions,
): void {
	serve(app, enterOrganization, async (call) => {
		const name = await entering.enterOrganization(
			database,
			actorOf(call),
			call.params.organizationNo,
		);
		changed(call.principal.userId);
		return { name };
	});
	serve(app, leaveOrganization, async (call) => {
		const name = await entering.leaveOrganization(database, actorOf(call));
		changed(call.principal.userId);
		return { name };
	});
}

import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { fault } from '#contract/faults.ts';
import { actorOf } from '#modules/audit/server/index.ts';
import { serve } from '#platform/http/serve.ts';
import {
	addCustomer as addCustomerEndpoint,
	addDealer as addDealerEndpoint,
	deleteCustomer as deleteCustomerEndpoint,
	deleteDealer as deleteDealerEndpoint,
	editCustomer as editCustomerEndpoint,
	editDealer as editDealerEndpoint,
	listCustomerFilters,
	listCustomerOptions,
	listCustomers,
	listDealerFilters,
	listDealerOptions,
	listDealers,
	showCustomer,
	showDealer,
} from '../contract.ts';
import {
	addCustomer,
	type CustomerActionOptions,
	deleteCustomer,
	editCustomer,
} from './customers/actions.ts';
import { serveCustomerExport } from './customers/export.ts';
import {
	readCustomer,
	readCustomerCities,
	readCustomerLocations,
	readCustomerOptions,
	readCustomerPage,
} from './customers/store.ts';
import { addDealer, deleteDealer, editDealer } from './dealers/actions.ts';
import { serveDealerExport } from './dealers/export.ts';
import {
	readDealer,
	readDealerCities,
	readDealerOptions,
	readDealerPage,
} from './dealers/store.ts';

export interface CustomerRouteOptions extends CustomerActionOptions {
	readonly pool: pg.Pool;
}

/** The endpoints under which dealers and customers are kept. */
export function serveCustomerRoutes(app: FastifyInstance, options: CustomerRouteOptions): void {
	serveCustomers(app, options);
	serveDealers(app, options);
}

function serveCustomers(app: FastifyInstance, options: CustomerRouteOptions): void {
	const { database } = options;

	serve(app, listCustomers, ({ query, principal: { scope } }) =>
		readCustomerPage(database, scope, query),
	);
	serveCustomerExport(app, options);
	serve(app, listCustomerOptions, async ({ query, principal: { scope } }) => ({
		customers: await readCustomerOptions(database, scope, query.q),
	}));
	serve(app, listCustomerFilters, async ({ query, principal: { scope } }) => ({
		cities: await readCustomerCities(database, scope, query.q),
		locations: await readCustomerLocations(database, scope, query.q),
	}));
	serve(app, showCustomer, async ({ params, principal: { scope } }) => {
		const customer = await readCustomer(database, scope, params.customerNo);
		if (customer === undefined) throw fault('not_found', { thing: 'customer' });
		return customer;
	});

	serve(app, addCustomerEndpoint, (call) => addCustomer(options, actorOf(call), call.body));
	serve(app, editCustomerEndpoint, (call) => {
		const { before, after } = call.body;
		return editCustomer(options, actorOf(call), call.params.customerNo, before, after);
	});
	serve(app, deleteCustomerEndpoint, async (call) => {
		await deleteCustomer(database, actorOf(call), call.params.customerNo);
		return {};
	});
}

function serveDealers(app: FastifyInstance, options: CustomerRouteOptions): void {
	const { database } = options;

	serve(app, listDealers, ({ query, principal: { scope } }) =>
		readDealerPage(database, scope, query),
	);
	serveDealerExport(app, options);
	serve(app, listDealerOptions, async ({ query, principal: { scope } }) => ({
		dealers: await readDealerOptions(database, scope, query.q),
	}));
	serve(app, listDealerFilters, async ({ query, principal: { scope } }) => ({
		cities: await readDealerCities(database, scope, query.q),
	}));
	serve(app, showDealer, async ({ params, principal: { scope } }) => {
		const dealer = await readDealer(database, scope, params.dealerNo);
		if (dealer === undefined) throw fault('not_found', { thing: 'dealer' });
		return dealer;
	});

	serve(app, addDealerEndpoint, (call) => addDealer(database, actorOf(call), call.body));
	serve(app, editDealerEndpoint, (call) => {
		const { before, after } = call.body;
		return editDealer(database, actorOf(call), call.params.dealerNo, before, after);
	});
	serve(app, deleteDealerEndpoint, async (call) => {
		await deleteDealer(database, actorOf(call), call.params.dealerNo);
		return {};
	});
}

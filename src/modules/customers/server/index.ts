export { readCustomer, readCustomerOptions } from './customers/store.ts';
export { readDealer } from './dealers/store.ts';
export { lockCustomers, lockDealers } from './lock.ts';
export { type CustomerRouteOptions, serveCustomerRoutes } from './routes.ts';
export {
	type Customer,
	createCustomer,
	createDealer,
	type Dealer,
	listCustomers,
	listDealers,
	type NewCustomer,
	type NewDealer,
} from './store.ts';

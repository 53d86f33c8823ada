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

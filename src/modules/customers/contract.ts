import { z } from 'zod';
import { confirmationSchema } from '#contract/confirmation.ts';
import { endpoint } from '#contract/endpoint.ts';
import { line, optionalLine, requiredLine } from '#contract/line.ts';
import { directionSchema, listPageSchema, listShape } from '#contract/list.ts';
import type { Role } from '#contract/roles.ts';
import { rowNumberInPath, rowNumberInQuery, rowNumberSchema } from '#contract/row-number.ts';

/** Roles that see dealers and customers; who is narrowed sees the own ones. */
export const customerReaders = [
	'super_admin',
	'admin',
	'operation',
] as const satisfies readonly Role[];
/** Roles that add and change them. */
export const customerWriters = ['super_admin', 'admin'] as const satisfies readonly Role[];

const mobileText = z
	.string()
	.transform((written) => written.replaceAll(/[\s().-]/g, ''))
	.refine(
		(number) => number === '' || /^(\+[1-9]\d{6,14}|\d{7,15})$/.test(number),
		'The mobile number is not valid. Write it with its country, as in +91 98765 43210.',
	);
const emailText = line('e-mail', 254).refine(
	(email) => email === '' || z.email().safeParse(email).success,
	'The e-mail is not valid. Write it as in name@example.com.',
);
const orNull = (written: string | null) => (written === '' ? null : written);

/** What a person writes of a customer. */
export const customerEditSchema = z.object({
	name: requiredLine('customer name', 120),
	address: requiredLine('address', 300),
	city: requiredLine('city', 100),
	pinCode: requiredLine('pin code', 16).refine(
		(code) => code === '' || /^[\p{L}\d][\p{L}\d -]*$/u.test(code),
		'The pin code is not valid. Use letters, digits, spaces and -.',
	),
	mobile: mobileText.refine((number) => number !== '', 'Enter the mobile number.'),
	email: emailText.refine((email) => email !== '', 'Enter the e-mail.'),
	locationNo: rowNumberSchema.nullable(),
	dealerNo: rowNumberSchema.nullable(),
});
export type CustomerEdit = z.output<typeof customerEditSchema>;

/** A customer as it is kept; those of former times may lack what is asked for today. */
const keptCustomerSchema = z.object({
	name: z.string(),
	address: z.string().nullable(),
	city: z.string().nullable(),
	pinCode: z.string().nullable(),
	mobile: z.string().nullable(),
	email: z.string().nullable(),
	locationNo: z.int().nullable(),
	dealerNo: z.int().nullable(),
});
export type KeptCustomer = z.output<typeof keptCustomerSchema>;

/** What is wrong with a pin code of a country (ISO 3166-1 alpha-2), or null. Only India's are known here. */
export function pinCodeProblem(pinCode: string, country: string | null): string | null {
	if (country !== 'IN' || /^[1-9]\d{2} ?\d{3}$/.test(pinCode)) return null;
	return 'A pin code of India has six digits. Correct it, or choose another location.';
}

/** One row of the list of customers. Instants are epoch milliseconds. */
export const customerRowSchema = keptCustomerSchema.extend({
	customerNo: z.int(),
	locationCity: z.string().nullable(),
	dealerName: z.string().nullable(),
	/** Devices in service. */
	devices: z.int(),
	/** Those who sign in for it; null for a reader who does not see users. */
	users: z.int().nullable(),
	createdAtMs: z.number(),
});
export type CustomerRow = z.infer<typeof customerRowSchema>;

/** Under which a customer is in the audit log. */
export function customerCode(customerNo: number): string {
	return `C${String(customerNo).padStart(6, '0')}`;
}

/** Under which a dealer is in the audit log. */
export function dealerCode(dealerNo: number): string {
	return `D${String(dealerNo).padStart(6, '0')}`;
}

export const customerSorts = ['name', 'city', 'created'] as const;
export type CustomerSort = (typeof customerSorts)[number];

export const customerQuerySchema = z.object({
	...listShape,
	q: listShape.q.describe('Part of a name, e-mail, mobile number or city'),
	city: z.string().max(100).optional(),
	locationNo: rowNumberInQuery.optional(),
	dealerNo: rowNumberInQuery.optional(),
	sort: z.enum(customerSorts).default('name'),
	direction: directionSchema.default('asc'),
});
export type CustomerQuery = z.output<typeof customerQuerySchema>;
export type CustomerSelection = Omit<CustomerQuery, 'page' | 'pageSize'>;

const customerParams = z.object({ customerNo: rowNumberInPath });

export const listCustomers = endpoint({
	method: 'GET',
	path: '/api/admin/customers',
	summary: 'Customers, searched, filtered, sorted and paged',
	admits: customerReaders,
	query: customerQuerySchema,
	reply: listPageSchema(customerRowSchema),
});

export const exportCustomers = endpoint({
	method: 'GET',
	path: '/api/admin/customer-export',
	summary: 'All customers that match, as an Excel workbook',
	admits: customerReaders,
	query: customerQuerySchema.omit({ page: true, pageSize: true }),
	reply: z.file(),
});

/** Offered at once; more are found by typing. */
export const offeredOptions = 20;

const optionQuery = z.object({ q: listShape.q });

export const customerOptionSchema = z.object({
	customerNo: z.int(),
	name: z.string(),
	city: z.string().nullable(),
	dealerNo: z.int().nullable(),
	dealerName: z.string().nullable(),
});
export type CustomerOption = z.infer<typeof customerOptionSchema>;

export const listCustomerOptions = endpoint({
	method: 'GET',
	path: '/api/admin/customers/options',
	summary: 'Customers to choose from, found by name or city; at most twenty',
	admits: customerReaders,
	query: optionQuery,
	reply: z.object({ customers: z.array(customerOptionSchema) }),
});

const locationOptionSchema = z.object({
	locationNo: z.int(),
	city: z.string(),
	state: z.string(),
	country: z.string(),
});
export type LocationOption = z.infer<typeof locationOptionSchema>;

export const listCustomerFilters = endpoint({
	method: 'GET',
	path: '/api/admin/customers/filters',
	summary: 'Cities and locations that customers have, found by name; at most twenty of each',
	admits: customerReaders,
	query: optionQuery,
	reply: z.object({ cities: z.array(z.string()), locations: z.array(locationOptionSchema) }),
});

export const showCustomer = endpoint({
	method: 'GET',
	path: '/api/admin/customers/:customerNo',
	summary: 'One customer',
	admits: customerReaders,
	params: customerParams,
	reply: customerRowSchema,
});

export const addCustomer = endpoint({
	method: 'POST',
	path: '/api/admin/customers',
	summary: 'Adds a customer',
	admits: customerWriters,
	body: customerEditSchema.extend({ confirm: confirmationSchema }),
	reply: customerRowSchema,
});

export const editCustomer = endpoint({
	method: 'PUT',
	path: '/api/admin/customers/:customerNo',
	summary: 'Changes a customer, unless somebody else changed it since `before` was read',
	admits: customerWriters,
	params: customerParams,
	body: z.object({
		before: keptCustomerSchema,
		after: customerEditSchema,
		confirm: confirmationSchema,
	}),
	reply: customerRowSchema,
});

export const deleteCustomer = endpoint({
	method: 'POST',
	path: '/api/admin/customers/:customerNo/removal',
	summary: 'Deletes a customer that has neither devices nor users; its name stays in histories',
	admits: customerWriters,
	params: customerParams,
	body: z.object({ confirm: confirmationSchema }),
	reply: z.object({}),
});

/** What a person writes of a dealer. */
export const dealerEditSchema = z.object({
	name: requiredLine('dealer name', 120),
	city: optionalLine('city', 100),
	contactName: optionalLine('contact name', 120),
	mobile: mobileText.nullable().transform(orNull),
	email: emailText.nullable().transform(orNull),
	address: optionalLine('address', 300),
});
export type DealerEdit = z.output<typeof dealerEditSchema>;

const keptDealerSchema = z.object({
	name: z.string(),
	city: z.string().nullable(),
	contactName: z.string().nullable(),
	mobile: z.string().nullable(),
	email: z.string().nullable(),
	address: z.string().nullable(),
});
export type KeptDealer = z.output<typeof keptDealerSchema>;

/** One row of the list of dealers. */
export const dealerRowSchema = keptDealerSchema.extend({
	dealerNo: z.int(),
	/** Devices in service and customers, as far as the reader sees them. */
	devices: z.int(),
	customers: z.int(),
	/** Those who sign in for it; null for a reader who does not see users. */
	users: z.int().nullable(),
	createdAtMs: z.number(),
});
export type DealerRow = z.infer<typeof dealerRowSchema>;

export const dealerSorts = ['name', 'city', 'created'] as const;
export type DealerSort = (typeof dealerSorts)[number];

export const dealerQuerySchema = z.object({
	...listShape,
	q: listShape.q.describe('Part of a name, contact name, e-mail, mobile number or city'),
	city: z.string().max(100).optional(),
	sort: z.enum(dealerSorts).default('name'),
	direction: directionSchema.default('asc'),
});
export type DealerQuery = z.output<typeof dealerQuerySchema>;
export type DealerSelection = Omit<DealerQuery, 'page' | 'pageSize'>;

const dealerParams = z.object({ dealerNo: rowNumberInPath });

export const listDealers = endpoint({
	method: 'GET',
	path: '/api/admin/dealers',
	summary: 'Dealers, searched, filtered, sorted and paged',
	admits: customerReaders,
	query: dealerQuerySchema,
	reply: listPageSchema(dealerRowSchema),
});

export const exportDealers = endpoint({
	method: 'GET',
	path: '/api/admin/dealer-export',
	summary: 'All dealers that match, as an Excel workbook',
	admits: customerReaders,
	query: dealerQuerySchema.omit({ page: true, pageSize: true }),
	reply: z.file(),
});

export const dealerOptionSchema = z.object({
	dealerNo: z.int(),
	name: z.string(),
	city: z.string().nullable(),
});
export type DealerOption = z.infer<typeof dealerOptionSchema>;

export const listDealerOptions = endpoint({
	method: 'GET',
	path: '/api/admin/dealers/options',
	summary: 'Dealers to choose from, found by name or city; at most twenty',
	admits: customerReaders,
	query: optionQuery,
	reply: z.object({ dealers: z.array(dealerOptionSchema) }),
});

export const listDealerFilters = endpoint({
	method: 'GET',
	path: '/api/admin/dealers/filters',
	summary: 'Cities that dealers have, found by name; at most twenty',
	admits: customerReaders,
	query: optionQuery,
	reply: z.object({ cities: z.array(z.string()) }),
});

export const showDealer = endpoint({
	method: 'GET',
	path: '/api/admin/dealers/:dealerNo',
	summary: 'One dealer',
	admits: customerReaders,
	params: dealerParams,
	reply: dealerRowSchema,
});

export const addDealer = endpoint({
	method: 'POST',
	path: '/api/admin/dealers',
	summary: 'Adds a dealer',
	admits: customerWriters,
	body: dealerEditSchema.extend({ confirm: confirmationSchema }),
	reply: dealerRowSchema,
});

export const editDealer = endpoint({
	method: 'PUT',
	path: '/api/admin/dealers/:dealerNo',
	summary: 'Changes a dealer, unless somebody else changed it since `before` was read',
	admits: customerWriters,
	params: dealerParams,
	body: z.object({
		before: keptDealerSchema,
		after: dealerEditSchema,
		confirm: confirmationSchema,
	}),
	reply: dealerRowSchema,
});

export const deleteDealer = endpoint({
	method: 'POST',
	path: '/api/admin/dealers/:dealerNo/removal',
	summary:
		'Deletes a dealer that has neither devices, customers nor users; its name stays in histories',
	admits: customerWriters,
	params: dealerParams,
	body: z.object({ confirm: confirmationSchema }),
	reply: z.object({}),
});

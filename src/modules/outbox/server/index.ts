import type { FastifyInstance } from 'fastify';
import { actorOf } from '#modules/audit/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import { listMails, readMailText, sendMailAgain, showMail } from '../contract.ts';
import * as actions from './actions.ts';
import { readOutboxPage } from './store.ts';

/** Serves the outbox of an organization to its Admins. */
export function serveOutbox(app: FastifyInstance, database: Database): void {
	serve(app, listMails, ({ query, principal }) =>
		readOutboxPage(database, actions.readerOf(principal), query),
	);
	serve(app, showMail, ({ params, principal }) =>
		actions.findMail(database, actions.readerOf(principal), params.mailNo),
	);
	serve(app, readMailText, async (call) => ({
		text: await actions.readMailText(database, actorOf(call), call.params.mailNo),
	}));
	serve(app, sendMailAgain, (call) =>
		actions.sendMailAgain(database, actorOf(call), call.params.mailNo),
	);
}

export { inviteAdmin } from './invite-admin.ts';
export { createMember, type NewMember } from './membership.ts';
export { serveUsers, type UserRoutesOptions } from './routes.ts';

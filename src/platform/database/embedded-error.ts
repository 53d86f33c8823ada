/** The embedded PostgreSQL cannot be used; the message is a sentence that says what to do. */
export class EmbeddedPostgresError extends Error {}

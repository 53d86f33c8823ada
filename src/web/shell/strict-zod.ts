import { z } from 'zod';

// The content security policy admits no code made from text, so Zod must not try. Imported before any schema is made.
z.config({ jitless: true });

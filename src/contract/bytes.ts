import { z } from 'zod';

/**
 * Declares that an endpoint answers bytes (`application/octet-stream`), or that a topic's messages are binary frames.
 * What the bytes mean is described where they are declared.
 */
export const bytesSchema = z.instanceof(Uint8Array);

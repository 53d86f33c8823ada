/** How a page follows the writing of a workbook that arrives compressed, without asking anybody. */

/** Header of the answer: how many rows the workbook will have. */
export const rowsHeader = 'x-rows';
/** Header of the answer: how many rows are written between two marks. */
export const rowsPerMarkHeader = 'x-rows-per-mark';
export const rowsPerMark = 500;

/**
 * What the compressor leaves in the stream when it is flushed: an empty stored block (RFC 1951, 3.2.4). Anywhere else
 * these bytes come by chance only, once in four thousand million.
 */
export const flushMark: readonly number[] = [0x00, 0x00, 0xff, 0xff];

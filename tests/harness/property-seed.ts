import fc from 'fast-check';

/**
 * Properties are tried with the same values in every run, so that a run fails for what was changed and nothing else.
 * PROPERTY_SEED tries others: a number, as a failure prints it.
 */
const { PROPERTY_SEED: given } = process.env;
fc.configureGlobal({ seed: given === undefined ? 20_260_101 : Number(given) });

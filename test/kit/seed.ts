import fc from 'fast-check';

/** The same random cases in every run: a change is judged by what it changes. `PIPECALL_TEST_SEED` explores others. */
const seed = Number(process.env.PIPECALL_TEST_SEED || 1);
if (!Number.isInteger(seed)) throw new Error('PIPECALL_TEST_SEED must be a whole number, the seed of property tests');

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });

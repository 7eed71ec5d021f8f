/**
 * A file of its own, to be loaded when it is needed: the package is CommonJS, and of an `import()` of the package itself a
 * bundle has no names, only the default.
 */
export { Client } from 'undici';

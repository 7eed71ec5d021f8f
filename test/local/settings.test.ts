import { describe, expect, it } from 'vitest';
import { readSettings } from '../../local/settings.ts';

const DEFAULTS = { port: 8080, data: '.pipecall', sdk: false, allowEgress: [], retentionDays: 90 };

describe('readSettings', () => {
  it.each([
    { title: 'nothing', args: [], environment: {}, expected: DEFAULTS },
    { title: 'a port', args: ['--port', '9000'], environment: {}, expected: { ...DEFAULTS, port: 9000 } },
    {
      title: 'a port of the environment',
      args: [],
      environment: { PIPECALL_PORT: '9001' },
      expected: { ...DEFAULTS, port: 9001 },
    },
    {
      title: 'an option before the environment',
      args: ['--port', '9000'],
      environment: { PIPECALL_PORT: '9001' },
      expected: { ...DEFAULTS, port: 9000 },
    },
    { title: 'any free port', args: ['--port', '0'], environment: {}, expected: { ...DEFAULTS, port: 0 } },
    { title: 'a folder', args: ['--data', 'd'], environment: {}, expected: { ...DEFAULTS, data: 'd' } },
    {
      title: 'a folder of the environment',
      args: [],
      environment: { PIPECALL_DATA: 'e' },
      expected: { ...DEFAULTS, data: 'e' },
    },
    {
      title: 'ranges',
      args: ['--allow-egress', '127.0.0.0/8, 10.0.0.0/8'],
      environment: {},
      expected: { ...DEFAULTS, allowEgress: ['127.0.0.0/8', '10.0.0.0/8'] },
    },
    {
      title: 'ranges, one by one',
      args: ['--allow-egress', '127.0.0.0/8', '--allow-egress', '::1/128'],
      environment: {},
      expected: { ...DEFAULTS, allowEgress: ['127.0.0.0/8', '::1/128'] },
    },
    {
      title: 'ranges of the environment',
      args: [],
      environment: { PIPECALL_ALLOW_EGRESS: '10.0.0.0/8' },
      expected: { ...DEFAULTS, allowEgress: ['10.0.0.0/8'] },
    },
    {
      title: 'a token',
      args: [],
      environment: { PIPECALL_ADMIN_TOKEN: 't' },
      expected: { ...DEFAULTS, adminToken: 't' },
    },
    { title: 'an empty token', args: [], environment: { PIPECALL_ADMIN_TOKEN: '' }, expected: DEFAULTS },
    { title: 'the AWS adapters', args: ['--sdk'], environment: {}, expected: { ...DEFAULTS, sdk: true } },
    { title: 'a week', args: ['--retention-days', '7'], environment: {}, expected: { ...DEFAULTS, retentionDays: 7 } },
    { title: 'help', args: ['--help'], environment: {}, expected: 'help' },
  ])('$title', ({ args, environment, expected }) => {
    expect(readSettings(args, environment)).toEqual(expected);
  });

  it.each([
    { args: ['--port', '70000'], says: "--port is '70000'; it must be a whole number from 0 to 65535" },
    { args: ['--port', 'x'], says: "--port is 'x'" },
    { args: ['--port', ''], says: "--port is ''" },
    { args: ['--retention-days', '0'], says: "--retention-days is '0'" },
    { args: ['--prot', '1'], says: '--prot' },
    { args: ['--port'], says: '--port' },
  ])('refuses $args', ({ args, says }) => {
    expect(() => readSettings(args, {})).toThrow(says);
  });
});

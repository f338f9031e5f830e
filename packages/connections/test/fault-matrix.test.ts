import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connect as openConnection } from '@iris-devtools/driver';
import { startEmulator } from '@iris-devtools/emulator';
import {
  connecting,
  PASSWORD,
  pooledInsert,
  pooledQuery,
  transaction,
  until,
  USER,
  type Fault,
  type Stage,
} from './support/fault-cells.js';
import { Forwarder } from './support/forwarder.js';

const nothing = (): void => undefined;
const SLOW_MS = 1500;

const callInOff = ({ emulator }: Stage): Promise<void> => emulator.setService('%Service_CallIn', false);

/** Gives the test time to break something while a statement is under way. */
const slowAnswer = ({ emulator }: Stage): void => {
  emulator.faults.delayAnswers({ delayMs: 200, kinds: ['DirectQuery', 'DirectUpdate'], count: 1 });
};

const FAULTS: readonly Fault[] = [
  { name: 'none', inject: nothing },
  { name: 'refused', inject: ({ network }) => network.close(), cutsIdle: true },
  {
    name: 'slow',
    inject: ({ emulator }) => {
      emulator.faults.delayAnswers({ delayMs: SLOW_MS, kinds: ['Connect', 'DirectQuery', 'DirectUpdate'] });
    },
    settings: { connectTimeoutMs: 300, queryTimeoutMs: 300 },
  },
  { name: 'wrong password', inject: nothing, settings: { password: 'wrong' } },
  { name: 'expired password', inject: ({ emulator }) => emulator.faults.expirePassword(USER) },
  {
    name: 'expired and wrong password',
    inject: ({ emulator }) => emulator.faults.expirePassword(USER),
    settings: { password: 'wrong' },
  },
  { name: 'namespace missing', inject: nothing, settings: { namespace: 'NOWHERE' } },
  // Nobody but irispython goes through CallIn.
  { name: 'CallIn off', inject: callInOff },
  { name: 'CallIn off, client irispython', inject: callInOff, settings: { driver: 'irispython' } },
  {
    name: 'restart during the work',
    inject: slowAnswer,
    during: async ({ emulator }) => {
      await until(() => emulator.connectionCount > 0);
      await emulator.restart();
    },
  },
  { name: 'restart while idle', inject: ({ emulator }) => emulator.restart(), cutsIdle: true },
  {
    name: 'network cut during the work',
    inject: slowAnswer,
    during: async ({ emulator, network }) => {
      await until(() => emulator.connectionCount > 0);
      network.cut();
    },
  },
  {
    name: 'port moved',
    inject: async ({ network }) => {
      await network.close();
      await network.open();
    },
    cutsIdle: true,
  },
];

/** Answers an already open handle cannot give: the setting is used at login only. */
const LOGIN_ONLY = ['wrong password', 'expired and wrong password', 'namespace missing'];

const WORK = { connect: connecting, query: pooledQuery, insert: pooledInsert, transaction } as const;
type Work = keyof typeof WORK;

const EXPECTED: Readonly<Record<string, Partial<Record<Work, string>>>> = {
  none: { connect: 'ok', query: 'ok', insert: 'ok', transaction: 'ok' },
  refused: {
    connect: 'IRIS_CONNECT_FAILED, retry: safe',
    query: 'IRIS_CONNECT_FAILED, retry: safe',
    insert: 'IRIS_CONNECT_FAILED, retry: safe',
    transaction: 'IRIS_CONNECT_FAILED, retry: safe',
  },
  slow: {
    connect: 'IRIS_TIMEOUT, retry: safe',
    // Repeated on a new connection, whose login is just as slow: nothing was done there.
    query: 'IRIS_TIMEOUT, retry: safe',
    insert: 'IRIS_TIMEOUT, retry: unknown',
    transaction: 'IRIS_TIMEOUT, retry: unknown',
  },
  'wrong password': { connect: 'IRIS_LOGIN_REFUSED, retry: no' },
  'expired password': {
    connect: 'ok, password-recovered',
    query: 'ok',
    insert: 'ok',
    transaction: 'ok',
  },
  'expired and wrong password': { connect: 'IRIS_LOGIN_REFUSED, retry: no' },
  'namespace missing': { connect: 'IRIS_LOGIN_REFUSED, retry: no' },
  'CallIn off': { connect: 'ok', query: 'ok', insert: 'ok', transaction: 'ok' },
  'CallIn off, client irispython': {
    connect: 'IRIS_LOGIN_REFUSED, retry: no',
    // A process that is attached stays so.
    query: 'ok',
    insert: 'ok',
    transaction: 'ok',
  },
  'restart during the work': {
    connect: 'ok',
    query: 'ok',
    insert: 'IRIS_CONNECTION_LOST, retry: unknown',
    transaction: 'IRIS_CONNECTION_LOST, retry: unknown',
  },
  'restart while idle': { connect: 'ok', query: 'ok', insert: 'ok', transaction: 'ok' },
  'network cut during the work': {
    connect: 'ok',
    query: 'ok',
    insert: 'IRIS_CONNECTION_LOST, retry: unknown',
    transaction: 'IRIS_CONNECTION_LOST, retry: unknown',
  },
  'port moved': {
    connect: 'ok',
    query: 'ok, server-moved',
    insert: 'ok, server-moved',
    transaction: 'ok, server-moved',
  },
};

describe('what becomes of work when something breaks', () => {
  let stage: Stage;

  beforeAll(async () => {
    const emulator = await startEmulator({
      irispython: true,
      users: [{ name: USER, password: PASSWORD, roles: ['%All'] }],
    });
    stage = { emulator, network: new Forwarder(emulator) };
    await emulator.sql('CREATE TABLE matrix (k INTEGER)');
  });

  beforeEach(async () => {
    stage.emulator.faults.clear();
    await stage.emulator.setService('%Service_CallIn', true);
    await stage.network.close();
    await stage.network.open();
    await stage.emulator.users.unexpire(USER);
  });

  afterAll(async () => {
    await stage.network.close();
    await stage.emulator.stop();
  });

  const cells = FAULTS.flatMap((fault) =>
    (Object.keys(WORK) as Work[])
      .filter((work) => work === 'connect' || !LOGIN_ONLY.includes(fault.name))
      .map((work) => ({ fault, work, title: `${fault.name}: ${work}` })),
  );

  it.each(cells)('$title', async ({ fault, work }) => {
    expect(await WORK[work](stage, fault)).toBe(EXPECTED[fault.name]?.[work]);
  });

  it.each(['wrong password', 'expired and wrong password'])(
    '%s changes nothing on the server',
    async (name) => {
      const fault = FAULTS.find((candidate) => candidate.name === name);
      if (fault === undefined) throw new Error(`no fault ${name}`);
      const { password } = stage.emulator.users.get(USER) ?? {};
      await connecting(stage, fault);
      const after = stage.emulator.users.get(USER);
      expect(after?.password).toEqual(password);
      expect(after?.changePassword).toBe(name.startsWith('expired'));
    },
  );

  it('recovers every expired password, and the password stays what it was', async () => {
    for (let round = 0; round < 20; round += 1) {
      await stage.emulator.faults.expirePassword(USER);
      expect(await connecting(stage, { name: 'expired', inject: nothing })).toBe('ok, password-recovered');
      const { host, port } = stage.emulator;
      await using _session = await openConnection({ host, port, user: USER, password: PASSWORD });
    }
  });
});

it('the table in the docs is this one', () => {
  const works = Object.keys(WORK) as Work[];
  const rows = FAULTS.map(
    ({ name }) => `| ${name} | ${works.map((work) => EXPECTED[name]?.[work] ?? '-').join(' | ')} |`,
  );
  const table = [`| fault | ${works.join(' | ')} |`, `| --- |${' --- |'.repeat(works.length)}`, ...rows].join(
    '\n',
  );
  const file = path.join(__dirname, '..', '..', '..', 'docs', 'recovery.md');
  const [before = '', after = ''] = readFileSync(file, 'utf8').split(/<!-- table -->[\s\S]*<!-- \/table -->/);
  const text = `${before}<!-- table -->\n\n${table}\n\n<!-- /table -->${after}`;
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

import { isIrisError } from '@iris-devtools/core';
import type { Emulator } from '@iris-devtools/emulator';
import { connect, type ConnectOptions, type Iris } from '@iris-devtools/connections';
import type { Source } from '@iris-devtools/config';
import type { Forwarder } from './forwarder.js';

/** The account that the matrix breaks; the administrator is another one. */
export const USER = 'app';
export const PASSWORD = 'p"a ss%\nжя';

export interface Stage {
  readonly emulator: Emulator;
  readonly network: Forwarder;
}

/** The server is wherever the forwarder listens now, as container inspection would say. */
const whereItIs = ({ network }: Stage): Source => ({
  name: 'test network',
  findsServer: true,
  find: () =>
    Promise.resolve({
      settings: { host: '127.0.0.1', port: network.port },
      describe: () => 'test network',
    }),
});

export function options(stage: Stage, settings: ConnectOptions['settings'] = {}): ConnectOptions {
  return {
    env: {},
    sources: [whereItIs(stage)],
    settings: {
      user: USER,
      password: PASSWORD,
      connectTimeoutMs: 5000,
      irispythonProgram: stage.emulator.irispython,
      ...settings,
    },
    recovery: { administrator: { user: '_SYSTEM', password: 'SYS' } },
    retry: { initialDelayMs: 1, maxDelayMs: 5, budgetMs: 5000 },
  };
}

export interface Fault {
  readonly name: string;
  /** Breaks something before a login, or while a handle is open. */
  readonly inject: (stage: Stage) => Promise<void> | void;
  /** Breaks it while work is under way, for faults that are about that moment. */
  readonly during?: (stage: Stage) => Promise<void> | void;
  readonly settings?: ConnectOptions['settings'];
  /** Idle connections do not survive `inject`. */
  readonly cutsIdle?: true;
}

/** Lets events arrive until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** What came of it: `ok`, or the error's code with its `retry`. */
async function outcome(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'ok';
  } catch (error) {
    if (!isIrisError(error)) throw error;
    return `${error.code}, retry: ${error.retry}`;
  }
}

async function withEvents(
  stage: Stage,
  fault: Fault,
  run: (given: ConnectOptions) => Promise<string>,
): Promise<string> {
  const notes: string[] = [];
  const given: ConnectOptions = {
    ...options(stage, fault.settings),
    onEvent: (event) => {
      if (event.kind === 'password-recovered' || event.kind === 'server-moved') notes.push(event.kind);
    },
  };
  const result = await run(given);
  return [result, ...new Set(notes)].join(', ');
}

export function connecting(stage: Stage, fault: Fault): Promise<string> {
  return withEvents(stage, fault, async (given) => {
    await fault.inject(stage);
    return outcome(async () => {
      await using iris = await connect(given);
      await iris.query('SELECT 1');
    });
  });
}

/** On a handle that was opened before: one idle session, then the fault, then work. */
function opened(stage: Stage, fault: Fault, work: (iris: Iris) => Promise<unknown>): Promise<string> {
  return withEvents(stage, fault, async (given) => {
    const healthy = { ...given, settings: { ...given.settings, password: PASSWORD } };
    await using iris = await connect(healthy);
    await iris.query('SELECT 1');
    await fault.inject(stage);
    // A session that was cut while idle is known to be lost once the end of its connection has arrived.
    if (fault.cutsIdle) await until(() => iris.metrics.idle === 0);
    return await outcome(() => work(iris));
  });
}

/** Breaks things while the work runs, and then waits for both. */
async function meanwhile(work: Promise<unknown>, stage: Stage, fault: Fault): Promise<void> {
  const [done] = await Promise.allSettled([work, fault.during?.(stage)]);
  if (done.status === 'rejected') throw done.reason;
}

export const pooledQuery = (stage: Stage, fault: Fault): Promise<string> =>
  opened(stage, fault, async (iris) => {
    await meanwhile(iris.query('SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES'), stage, fault);
  });

export const pooledInsert = (stage: Stage, fault: Fault): Promise<string> =>
  opened(stage, fault, async (iris) => {
    await meanwhile(iris.query('INSERT INTO matrix (k) VALUES (1)'), stage, fault);
  });

export const transaction = (stage: Stage, fault: Fault): Promise<string> =>
  opened(stage, fault, (iris) =>
    iris.transaction(async (session) => {
      await session.query('INSERT INTO matrix (k) VALUES (2)');
      await meanwhile(session.query('INSERT INTO matrix (k) VALUES (3)'), stage, fault);
    }),
  );

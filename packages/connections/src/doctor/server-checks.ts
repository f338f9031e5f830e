import { IrisError, isIrisError, type ArrayRow, type ObjectRow } from '@iris-devtools/core';
import { ByReference, connect, decodeList, type IrisConnection } from '@iris-devtools/driver';
import { failed, ok, skipped, warning, type Check, type DoctorState, type Finding } from './check.js';

const MAX_CLOCK_DIFFERENCE_MS = 5000;

async function onConnection(
  state: DoctorState,
  run: (connection: IrisConnection) => Promise<Finding>,
  fix: string,
): Promise<Finding> {
  if (state.connection === undefined) return skipped('no login');
  try {
    return await run(state.connection);
  } catch (error) {
    if (isIrisError(error)) return failed(error.message, error.hint ?? fix);
    throw error;
  }
}

/** The one value of a result. */
function cellText(rows: readonly (ArrayRow | ObjectRow)[]): string {
  const [value] = Object.values(rows[0] ?? []);
  return typeof value === 'object' ? '' : String(value);
}

export const sqlCheck: Check = {
  name: 'SQL',
  run: (state) =>
    onConnection(
      state,
      async (connection) => {
        await connection.query('SELECT 1');
        const { rows } = await connection.query('SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES', [], {
          rowMode: 'array',
        });
        return ok(`${cellText(rows)} tables and views are visible`);
      },
      'Check the rights of the user on %Service_Bindings and SQL.',
    ),
};

export const clockCheck: Check = {
  name: 'clock',
  run: (state) =>
    onConnection(
      state,
      async (connection) => {
        const { rows } = await connection.query('SELECT GETUTCDATE(3)', [], { rowMode: 'array' });
        const text = cellText(rows);
        const server = Date.parse(`${text.replace(' ', 'T')}Z`);
        if (Number.isNaN(server)) return skipped(`the server's time cannot be read: ${text}`);
        const difference = Math.abs(Date.now() - server);
        if (difference <= MAX_CLOCK_DIFFERENCE_MS) return ok('agrees with this machine');
        return warning(
          `differs from this machine by ${(difference / 1000).toFixed(0)} s`,
          'Set the clocks by NTP: tokens and timestamps will disagree.',
        );
      },
      'Check that the server can tell the time.',
    ),
};

/** Facts that need rights in %SYS; without them the stage is skipped, since a plain user need not have them. */
function systemCheck(
  name: string,
  run: (connection: IrisConnection, state: DoctorState) => Promise<Finding>,
): Check {
  return {
    name,
    async run(state, signal) {
      if (state.config === undefined || state.connection === undefined) return skipped('no login');
      const { settings, password } = state.config;
      const { host, port, user, tls, connectTimeoutMs } = settings;
      const login = { host, port, user, tls, connectTimeoutMs, namespace: '%SYS' };
      try {
        await using system = await connect(password === undefined ? login : { ...login, password }, signal);
        return await run(system, state);
      } catch (error) {
        if (isIrisError(error)) return skipped(`cannot be found out: ${error.message}`);
        throw error;
      }
    },
  };
}

const CALLIN = '%Service_CallIn';

/**
 * Is the service enabled? Asked as a table, then by the class method that administrators use.
 * unverified on a live server: that Security.Services can be read as a table by this user.
 */
async function callInEnabled(system: IrisConnection): Promise<boolean> {
  try {
    const sql = 'SELECT Enabled FROM Security.Services WHERE Name = ?';
    const { rows } = await system.query(sql, [CALLIN], { rowMode: 'array' });
    return Number(rows[0]?.[0]) === 1;
  } catch (error) {
    if (!isIrisError(error) || error.code !== 'IRIS_SQL') throw error;
    return callInEnabledByMethod(system);
  }
}

async function callInEnabledByMethod(system: IrisConnection): Promise<boolean> {
  const properties = new ByReference('');
  const status = await system.native.classMethod('Security.Services', 'Get', CALLIN, properties);
  if (String(status) !== '1')
    throw new IrisError('Security.Services cannot be read', { code: 'IRIS_NATIVE' });
  return readProperty(properties.value, 'Enabled') === '1';
}

/**
 * A property of an array that came back, as names and values by turns.
 * unverified on a live server: how, or whether, IRIS lets a client read such arrays.
 */
function readProperty(value: unknown, name: string): string | undefined {
  if (typeof value !== 'string') return undefined;
  const items = decodeList(Buffer.from(value, 'latin1'));
  const at = items.findIndex((item, index) => index % 2 === 0 && item === name);
  return at < 0 ? undefined : String(items[at + 1]);
}

export const callInCheck = systemCheck('CallIn', async (system, { client }) => {
  if (await callInEnabled(system)) return ok(`${CALLIN} is enabled`);
  const fix = `Enable it: CPF action ModifyService:Name=${CALLIN},Enabled=1,AutheEnabled=48.`;
  if (client === 'irispython') return failed(`${CALLIN} is off, and the client irispython needs it`, fix);
  return warning(`${CALLIN} is off: embedded Python and irispython cannot connect (drivers can)`, fix);
});

/** unverified on a live server: the meaning of LUAvailable on community editions. */
export const licenceCheck = systemCheck('licence', async (system) => {
  const free = Number(await system.native.classMethod('%SYSTEM.License', 'LUAvailable'));
  if (free > 0) return ok(`${String(free)} licence units are free`);
  return warning('no licence unit is free', 'Close idle connections, or install a larger licence key.');
});

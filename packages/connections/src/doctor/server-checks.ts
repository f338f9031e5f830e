import { isIrisError, type IrisError } from '@iris-devtools/core';
import { connect, type IrisConnection } from '@iris-devtools/driver';
import { failed, ok, skipped, warning, type Check, type DoctorState, type Finding } from './check.js';

const MAX_CLOCK_DIFFERENCE_MS = 5000;

/** Turns what a login failed with into the one thing to do. */
function loginProblem(error: IrisError): Finding {
  switch (error.code) {
    case 'IRIS_PASSWORD_EXPIRED':
      return failed(
        'the password must be changed before it can be used',
        'Run this again with --fix and an administrator, or change the password by hand.',
      );
    case 'IRIS_LOGIN_REFUSED':
      return failed(
        `${error.message} (user, password or namespace is wrong, or the user has no rights there)`,
        'Check them with: npx @iris-devtools/config explain',
      );
    case 'IRIS_PROTOCOL':
      return failed(
        'what listens there is not a SuperServer',
        'Use the SuperServer port (1972), not the web port.',
      );
    default:
      return failed(error.message, error.hint ?? 'See the message.');
  }
}

export const loginCheck: Check = {
  name: 'login',
  async run(state, signal) {
    if (state.config === undefined) return skipped('no settings');
    const { settings, password } = state.config;
    const { host, port, user, namespace, tls, connectTimeoutMs } = settings;
    const login = { host, port, user, namespace, tls, connectTimeoutMs };
    try {
      state.connection = await connect(password === undefined ? login : { ...login, password }, signal);
      return ok(`${user} in ${namespace}; ${state.connection.server.version}`);
    } catch (error) {
      if (isIrisError(error)) return loginProblem(error);
      throw error;
    }
  },
};

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
        return ok(`${String(rows[0]?.[0])} tables and views are visible`);
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
        const text = String(rows[0]?.[0]);
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
function systemCheck(name: string, run: (connection: IrisConnection) => Promise<Finding>): Check {
  return {
    name,
    async run(state, signal) {
      if (state.config === undefined || state.connection === undefined) return skipped('no login');
      const { settings, password } = state.config;
      const { host, port, user, tls, connectTimeoutMs } = settings;
      const login = { host, port, user, tls, connectTimeoutMs, namespace: '%SYS' };
      try {
        await using system = await connect(password === undefined ? login : { ...login, password }, signal);
        return await run(system);
      } catch (error) {
        if (isIrisError(error)) return skipped(`cannot be found out: ${error.message}`);
        throw error;
      }
    },
  };
}

/** unverified on a live server: that Security.Services can be read as a table by this user. */
export const callInCheck = systemCheck('CallIn', async (system) => {
  const { rows } = await system.query(
    'SELECT Enabled FROM Security.Services WHERE Name = ?',
    ['%Service_CallIn'],
    {
      rowMode: 'array',
    },
  );
  if (Number(rows[0]?.[0]) === 1) return ok('%Service_CallIn is enabled');
  return warning(
    '%Service_CallIn is off: embedded Python and irispython cannot connect (drivers can)',
    'Enable it: CPF action ModifyService:Name=%Service_CallIn,Enabled=1,AutheEnabled=48.',
  );
});

/** unverified on a live server: the meaning of LUAvailable on community editions. */
export const licenceCheck = systemCheck('licence', async (system) => {
  const free = Number(await system.native.classMethod('%SYSTEM.License', 'LUAvailable'));
  if (free > 0) return ok(`${String(free)} licence units are free`);
  return warning('no licence unit is free', 'Close idle connections, or install a larger licence key.');
});

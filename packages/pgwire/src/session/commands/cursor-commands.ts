import { notSupported, PgError } from '../../pg-error.js';
import { parseStatements } from '../../statement/parse-statements.js';
import { declareQuery } from '../../statement/token-slices.js';
import type { Client } from '../client.js';
import { Cursor } from '../cursor.js';
import type { FetchDirection } from '../cursor.js';
import { completed, expandFormats } from '../execution.js';
import type { Execution } from '../execution.js';
import { NO_PARAMETERS } from '../run-query.js';
import type { Command } from './command.js';

/** CURSOR_OPT_* of parsenodes.h. */
const OPTION = { binary: 0x1, scroll: 0x2, insensitive: 0x8, hold: 0x20 };
/** FETCH ALL, as the parser writes it. */
const ALL_ROWS = 2_147_483_647;

/** DECLARE name CURSOR FOR query */
export const declareCommand: Command<'DeclareCursorStmt'> = {
  async run({ client, sql, contents, cancellation, inner }) {
    const name = contents.portalname ?? '';
    const options = contents.options ?? 0;
    const hold = (options & OPTION.hold) !== 0;
    if ((options & OPTION.binary) !== 0) throw notSupported('a BINARY cursor');
    if (!hold && !client.transaction.open) {
      throw new PgError({
        sqlstate: '25P01',
        message: 'DECLARE CURSOR can only be used in transaction blocks',
      });
    }
    if (client.cursors.has(name)) {
      throw new PgError({ sqlstate: '42P03', message: `cursor "${name}" already exists` });
    }
    const [parsed] = parseStatements(declareQuery(sql));
    if (parsed === undefined) throw new PgError({ sqlstate: '42601', message: 'the cursor has no query' });
    const statement = await inner.compile(client, parsed, []);
    const execution = await inner.open(client, statement, NO_PARAMETERS, [], cancellation);
    const cursor = new Cursor({
      name,
      fields: statement.description.fields ?? [],
      execution,
      scroll: (options & OPTION.scroll) !== 0,
      hold,
    });
    if (!client.transaction.open) {
      await cursor.materialise();
      cursor.held = true;
    }
    client.cursors.set(name, cursor);
    return completed('DECLARE CURSOR');
  },
};

/** FETCH and MOVE */
export const fetchCommand: Command<'FetchStmt'> = {
  describe(client, contents) {
    const { fields } = findCursor(client, contents.portalname ?? '');
    return Promise.resolve({ parameterOids: [], fields: contents.ismove === true ? null : fields });
  },
  async run({ client, contents, resultFormats }) {
    const cursor = findCursor(client, contents.portalname ?? '');
    const count = Number(contents.howMany ?? 0);
    const rows = await cursor.fetch(
      directionOf(contents.direction),
      Math.abs(count) >= ALL_ROWS ? Math.sign(count) * Number.POSITIVE_INFINITY : count,
    );
    if (contents.ismove === true) return completed(`MOVE ${rows.length}`);
    expandFormats(resultFormats, cursor.fields.length, (given) => `${given} result formats for a cursor`);
    return fetched(cursor, rows);
  },
};

function fetched(cursor: Cursor, rows: Awaited<ReturnType<Cursor['fetch']>>): Execution {
  const iterator = rows.values();
  return {
    next: () => iterator.next(),
    encode: (row, formats) => cursor.execution.encode(row, formats),
    tag: (rowCount) => `FETCH ${rowCount}`,
    close: () => Promise.resolve(),
  };
}

/** CLOSE name | ALL */
export const closeCommand: Command<'ClosePortalStmt'> = {
  async run({ client, contents }) {
    const closing =
      contents.portalname === undefined
        ? [...client.cursors.values()]
        : [findCursor(client, contents.portalname)];
    for (const cursor of closing) {
      client.cursors.delete(cursor.name);
      await cursor.close();
    }
    return completed(contents.portalname === undefined ? 'CLOSE CURSOR ALL' : 'CLOSE CURSOR');
  },
};

function findCursor(client: Client, name: string): Cursor {
  const cursor = client.cursors.get(name);
  if (cursor !== undefined) return cursor;
  throw new PgError({ sqlstate: '34000', message: `cursor "${name}" does not exist` });
}

function directionOf(direction: string | undefined): FetchDirection {
  switch (direction) {
    case 'FETCH_BACKWARD':
      return 'backward';
    case 'FETCH_ABSOLUTE':
      return 'absolute';
    case 'FETCH_RELATIVE':
      return 'relative';
    default:
      return 'forward';
  }
}

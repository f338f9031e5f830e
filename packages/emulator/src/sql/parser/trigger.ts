import type {
  CreateTriggerStatement,
  DropTriggerStatement,
  Identifier,
  RoutineBody,
  RoutineLanguage,
} from '../ast.js';
import { parseCondition } from './conditions.js';
import { acceptIfExists } from './ddl.js';
import { parseLanguage, parseRoutineBody } from './routine.js';
import type { TokenCursor } from './token-cursor.js';

type Event = CreateTriggerStatement['events'][number];
type Referencing = CreateTriggerStatement['referencing'][number];

/** From TRIGGER on. */
export function parseCreateTrigger(
  p: TokenCursor,
  position: number,
  orReplace: boolean,
): CreateTriggerStatement {
  p.expectWord('TRIGGER');
  const name = p.qualifiedName();
  const time = parseTime(p);
  const { events, updateOf } = parseEvents(p);
  const order = p.acceptWord('ORDER') ? p.integer() : 0;
  p.expectWord('ON');
  const table = p.qualifiedName();
  const referencing = p.acceptWord('REFERENCING') ? parseReferencing(p) : [];
  const forEach = p.acceptWord('FOR') ? parseForEach(p) : 'ROW';
  const when = p.acceptWord('WHEN') ? parseWhen(p) : undefined;
  const language = p.acceptWord('LANGUAGE') ? parseLanguage(p) : 'SQL';
  checkReferencing(p, events, referencing);
  checkClauses(p, language, { referencing, updateOf, hasWhen: when !== undefined });
  const body = parseRoutineBody(p, language);
  checkBody(p, body);
  return {
    kind: 'create-trigger',
    orReplace,
    name,
    time,
    events,
    updateOf,
    order,
    table,
    forEach,
    language,
    ...(when && { when }),
    referencing,
    body,
    position,
  };
}

function parseTime(p: TokenCursor): CreateTriggerStatement['time'] {
  const word = p.expectAnyWord('BEFORE', 'AFTER', 'INSTEAD');
  if (word !== 'INSTEAD') return word;
  p.expectWord('OF');
  return 'INSTEAD OF';
}

/** `INSERT, UPDATE OF a, b`: after OF a comma goes on with fields until the next event. */
function parseEvents(p: TokenCursor): { events: Event[]; updateOf: Identifier[] } {
  const events: Event[] = [];
  const updateOf: Identifier[] = [];
  do {
    const event = p.expectAnyWord('INSERT', 'UPDATE', 'DELETE');
    events.push(event);
    if (event === 'UPDATE' && p.acceptWord('OF')) updateOf.push(...parseFields(p));
  } while (p.acceptSymbol(',') || p.acceptWord('OR'));
  if (updateOf.length > 0 && events.length > 1)
    throw p.error(-1, 'UPDATE OF stands alone: ON expected, another event found');
  return { events, updateOf };
}

function parseFields(p: TokenCursor): Identifier[] {
  const fields = [p.identifier()];
  while (p.isSymbol(',') && !p.isWordAt(1, 'INSERT', 'UPDATE', 'DELETE')) {
    p.advance();
    fields.push(p.identifier());
  }
  const names = new Set(fields.map(({ name }) => name.toUpperCase()));
  if (names.size < fields.length)
    throw p.error(-58, 'Duplicate field found in trigger UPDATE OF <fieldlist> clause');
  return fields;
}

function parseReferencing(p: TokenCursor): Referencing[] {
  const rows: Referencing[] = [];
  for (let row = acceptRow(p); row !== undefined; row = acceptRow(p)) {
    p.acceptWord('ROW');
    p.acceptWord('AS');
    rows.push({ row, alias: p.identifier() });
  }
  return rows.length === 0 ? p.expected('OLD | NEW') : rows;
}

const acceptRow = (p: TokenCursor) => p.acceptAnyWord('OLD', 'NEW');

function parseForEach(p: TokenCursor): CreateTriggerStatement['forEach'] {
  p.expectWord('EACH');
  const word = p.expectAnyWord('ROW', 'STATEMENT', 'ROW_OBJECT', 'ROW_AND_OBJECT');
  return word === 'ROW_AND_OBJECT' ? 'ROW_OBJECT' : word;
}

function parseWhen(p: TokenCursor): NonNullable<CreateTriggerStatement['when']> {
  p.expectSymbol('(');
  const condition = parseCondition(p);
  p.expectSymbol(')');
  return condition;
}

/** @throws IrisError -48 there is no old row of an INSERT and no new row of a DELETE */
function checkReferencing(
  p: TokenCursor,
  events: readonly Event[],
  referencing: readonly Referencing[],
): void {
  const impossible = referencing.some(({ row }) =>
    events.every((event) => event === (row === 'OLD' ? 'INSERT' : 'DELETE')),
  );
  if (impossible) throw p.error(-48, 'Trigger REFERENCING clause names a row that the event does not have');
}

const OF_TRANSACTIONS: readonly string[] = [
  'commit',
  'rollback',
  'savepoint',
  'set-transaction',
  'start-transaction',
];

/** A trigger is part of the statement's transaction. @throws IrisError -51 */
function checkBody(p: TokenCursor, body: RoutineBody): void {
  if (body.kind !== 'sql') return;
  if (body.statements.some(({ kind }) => OF_TRANSACTIONS.includes(kind)))
    throw p.error(-51, 'SQL statement expected, a statement about transactions found');
}

function checkClauses(
  p: TokenCursor,
  language: RoutineLanguage,
  given: { referencing: readonly Referencing[]; updateOf: readonly Identifier[]; hasWhen: boolean },
): void {
  if (language === 'SQL') return;
  if (given.referencing.length > 0) {
    throw p.error(-49, 'Trigger REFERENCING clause cannot be specified when trigger language not SQL');
  }
  if (given.updateOf.length > 0) {
    throw p.error(-50, 'Trigger specifies UPDATE OF <fieldlist> clause when trigger language not SQL');
  }
  if (given.hasWhen) throw p.error(-57, 'Trigger specifies WHEN clause when trigger language not SQL');
}

/** `DROP TRIGGER [IF EXISTS] n [FROM | ON t]` */
export function parseDropTrigger(p: TokenCursor, position: number): DropTriggerStatement {
  p.expectWord('TRIGGER');
  const ifExists = acceptIfExists(p);
  const name = p.qualifiedName();
  const table = p.acceptAnyWord('FROM', 'ON') === undefined ? undefined : p.qualifiedName();
  return { kind: 'drop-trigger', ifExists, name, ...(table && { table }), position };
}

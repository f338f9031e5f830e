import type {
  CallStatement,
  CreateRoutineStatement,
  DropRoutineStatement,
  Expression,
  RoutineBody,
  RoutineKind,
  RoutineLanguage,
  RoutineParameter,
  Statement,
} from '../ast.js';
import { parseClassName } from './class-name.js';
import { acceptIfExists } from './ddl.js';
import { parseExpression, parseHostVariable } from './expressions.js';
import { parseStatementAt } from './statement.js';
import type { TokenCursor } from './token-cursor.js';
import { parseTypeName, startsTypeName } from './type-name.js';

export const ROUTINE_KINDS = [
  'PROCEDURE',
  'FUNCTION',
  'METHOD',
  'QUERY',
  'AGGREGATE',
] as const satisfies RoutineKind[];

interface Characteristics {
  readonly language: RoutineLanguage;
  readonly returns: CreateRoutineStatement['returns'];
  readonly list: CreateRoutineStatement['characteristics'];
}

/** From the kind on: `FUNCTION f(x INTEGER) RETURNS INTEGER LANGUAGE OBJECTSCRIPT { QUIT x * 2 }`. */
export function parseCreateRoutine(
  p: TokenCursor,
  position: number,
  orReplace: boolean,
): CreateRoutineStatement {
  const routine = parseKind(p);
  const name = p.qualifiedName();
  const parameters = parseParameters(p);
  const { language: written, returns, list } = parseCharacteristics(p, routine);
  // What stands in braces is ObjectScript, also when nothing says so.
  const inBraces = p.isSymbol('{') || (p.isWord(...QUERY_PARTS) && p.isSymbolAt(1, '('));
  const language = written === 'SQL' && inBraces ? 'OBJECTSCRIPT' : written;
  const body = routine === 'AGGREGATE' ? parseAggregateBody(p) : parseBody(p, routine, language);
  checkResults(p, list, body);
  return {
    kind: 'create-routine',
    routine,
    orReplace,
    name,
    parameters,
    ...(returns && { returns }),
    language,
    characteristics: list,
    body,
    position,
  };
}

/** PROC is short for PROCEDURE. */
function parseKind(p: TokenCursor): RoutineKind {
  return p.acceptWord('PROC') ? 'PROCEDURE' : p.expectAnyWord(...ROUTINE_KINDS);
}

function parseBody(p: TokenCursor, routine: RoutineKind, language: RoutineLanguage): RoutineBody {
  if (language !== 'SQL' && p.acceptWord('EXTERNAL', 'NAME')) return { kind: 'code', text: p.string() };
  if (routine !== 'METHOD' && language === 'OBJECTSCRIPT' && p.isWord(...QUERY_PARTS)) return parseParts(p);
  return parseRoutineBody(p, language);
}

const QUERY_PARTS = ['EXECUTE', 'FETCH', 'CLOSE'] as const;

/** The three methods of a query in ObjectScript. @throws IrisError -46 one of them is missing */
function parseParts(p: TokenCursor): RoutineBody {
  const parts = new Map<string, string>();
  for (
    let part = p.acceptAnyWord(...QUERY_PARTS);
    part !== undefined;
    part = p.acceptAnyWord(...QUERY_PARTS)
  ) {
    skipParentheses(p);
    parts.set(part, p.codeBlock('OBJECTSCRIPT'));
  }
  if (parts.size < QUERY_PARTS.length)
    throw p.error(-46, 'Fetch, Execute, and Close methods are required for queries in ObjectScript');
  return { kind: 'code', text: [...parts.values()].join('\n') };
}

/** RESULTS must have as many columns as the query. @throws IrisError -76 */
function checkResults(p: TokenCursor, list: Characteristics['list'], body: RoutineBody): void {
  const results = list.find(({ word }) => word === 'RESULTS')?.value;
  if (results === undefined || body.kind !== 'sql') return;
  const query = body.statements.find((statement) => statement.kind === 'select-statement')?.query.body;
  if (query?.kind !== 'select' || query.items.some((item) => item.kind === 'star')) return;
  if (query.items.length !== columnCount(results))
    throw p.error(-76, 'Cardinality mismatch between the SELECT list and the RESULTS of the query');
}

/** Columns in `(a INTEGER, b NUMERIC(8, 2))`. */
const columnCount = (list: string): number =>
  list
    .slice(1, -1)
    .replace(/\([^()]*\)/g, '')
    .split(',').length;

function parseParameters(p: TokenCursor): RoutineParameter[] {
  p.expectSymbol('(');
  const parameters = p.isSymbol(')') ? [] : p.commaList(() => parseParameter(p));
  p.expectSymbol(')');
  return parameters;
}

function parseParameter(p: TokenCursor): RoutineParameter {
  const { position } = p;
  const mode = p.acceptAnyWord('IN', 'OUT', 'INOUT', 'OUTPUT') ?? 'IN';
  p.acceptSymbol(':');
  const name = p.identifier();
  const type = startsTypeName(p) ? parseTypeName(p) : undefined;
  const isLiteral = p.token.kind === 'string' || p.token.kind === 'number' || p.isSymbol('-');
  const hasDefault = p.acceptWord('DEFAULT') || p.acceptSymbol('=') || (type !== undefined && isLiteral);
  const defaultValue = hasDefault ? parseExpression(p) : undefined;
  return {
    mode: mode === 'OUTPUT' ? 'OUT' : mode,
    name,
    ...(type && { type }),
    ...(defaultValue && { defaultValue }),
    position,
  };
}

/** What belongs to methods stands in no query, and the other way round. */
const FOREIGN_WORDS: Partial<Record<RoutineKind, readonly string[]>> = {
  QUERY: ['FINAL', 'PRIVATE', 'RETURNS'],
  METHOD: ['CONTAINID', 'RESULTS', 'ROWSPEC', 'SELECTMODE'],
};

/** With which a body can begin. */
const BODY_WORDS: ReadonlySet<string> = new Set(
  `ALTER BEGIN CALL CLOSE COMMIT CREATE DECLARE DELETE DROP EXECUTE EXPLAIN EXTERNAL FETCH FINALIZE GRANT INITIALIZE INSERT
  ITERATE LOCK MERGE OPEN RETURN REVOKE ROLLBACK SAVEPOINT SELECT SET START TRUNCATE UNLOCK UPDATE VALUES WITH`.split(
    /\s+/,
  ),
);

const notCharacteristic = (p: TokenCursor): Error => p.error(-47, 'Invalid method or query characteristic');

/** @throws IrisError -44 for one given twice, -47 for a language that is none */
function parseCharacteristics(p: TokenCursor, routine: RoutineKind): Characteristics {
  let language: RoutineLanguage = 'SQL';
  let returns: CreateRoutineStatement['returns'];
  const list: { word: string; value?: string }[] = [];
  const seen = new Set<string>();
  for (;;) {
    const { token } = p;
    if (FOREIGN_WORDS[routine]?.includes(token.upper) === true) throw notCharacteristic(p);
    if (p.acceptWord('LANGUAGE')) language = parseLanguage(p);
    else if (p.acceptWord('RETURNS')) returns = parseTypeName(p);
    else {
      const characteristic = parseCharacteristic(p);
      if (characteristic === undefined) {
        if (token.kind === 'word' && !BODY_WORDS.has(token.upper)) throw notCharacteristic(p);
        return { language, returns, list };
      }
      list.push(characteristic);
    }
    if (seen.has(token.upper)) throw p.errorAt(token, -44, `Duplicate method or query characteristic`);
    seen.add(token.upper);
  }
}

function parseCharacteristic(p: TokenCursor): { word: string; value?: string } | undefined {
  const flag = p.acceptAnyWord('FINAL', 'PRIVATE', 'PROCEDURE', 'PROC', 'DETERMINISTIC');
  if (flag !== undefined) return { word: flag === 'PROC' ? 'PROCEDURE' : flag };
  if (p.acceptWord('FOR')) return { word: 'FOR', value: parseDottedName(p) };
  if (p.acceptWord('DYNAMIC', 'RESULT', 'SETS') || p.acceptWord('RESULT', 'SETS')) {
    return { word: 'RESULT SETS', value: p.token.kind === 'number' ? p.advance().text : '1' };
  }
  const valued = p.acceptAnyWord('SELECTMODE', 'CONTAINID');
  if (valued !== undefined) return { word: valued, value: p.advance().text };
  if (p.acceptWord('RESULTS')) return { word: 'RESULTS', value: skipParentheses(p) };
  if (p.acceptWord('ROWSPEC')) return { word: 'ROWSPEC', value: skipParentheses(p) };
  return undefined;
}

function parseDottedName(p: TokenCursor): string {
  let name = p.identifier().name;
  while (p.acceptSymbol('.')) name += `.${p.identifier().name}`;
  return name;
}

function skipParentheses(p: TokenCursor): string {
  const { position } = p;
  p.expectSymbol('(');
  for (let depth = 1; depth > 0; p.advance()) {
    if (p.atEnd) p.expected(')');
    if (p.isSymbol('(')) depth++;
    if (p.isSymbol(')')) depth--;
  }
  return p.source.slice(position, p.previousEnd);
}

export function parseLanguage(p: TokenCursor): RoutineLanguage {
  const word = p.acceptAnyWord('SQL', 'OBJECTSCRIPT', 'COS', 'PYTHON', 'JAVA', 'DOTNET');
  switch (word) {
    case 'SQL':
      return 'SQL';
    case 'OBJECTSCRIPT':
    case 'COS':
      return 'OBJECTSCRIPT';
    case 'PYTHON':
    case 'JAVA':
    case 'DOTNET':
      return word;
    case undefined:
      throw p.error(-47, 'Invalid method or query characteristic');
  }
}

/** `{ code }`, `BEGIN s; s; END`, or one SQL statement. */
export function parseRoutineBody(p: TokenCursor, language: RoutineLanguage): RoutineBody {
  if (language !== 'SQL')
    return { kind: 'code', text: p.codeBlock(language === 'PYTHON' ? language : 'OBJECTSCRIPT') };
  const { position } = p;
  const statements = p.routine.inside(() =>
    p.acceptWord('BEGIN', 'ATOMIC') || p.acceptWord('BEGIN') ? parseBlock(p) : [parseBodyStatement(p)],
  );
  return { kind: 'sql', statements, text: p.source.slice(position, p.previousEnd) };
}

function parseBodyStatement(p: TokenCursor): Statement {
  const { position } = p;
  if (p.acceptWord('RETURN')) return { kind: 'return', value: parseExpression(p), position };
  p.routine.beginStatement(p.isWord('SELECT'));
  return parseStatementAt(p);
}

function parseBlock(p: TokenCursor): Statement[] {
  const statements: Statement[] = [];
  while (!p.acceptWord('END')) {
    if (p.acceptSymbol(';')) continue;
    statements.push(p.nested(() => parseBodyStatement(p)));
    if (!p.isWord('END')) p.expectSymbol(';');
  }
  if (statements.length === 0) throw p.error(-51, 'SQL statement expected');
  return statements;
}

function parseAggregateBody(p: TokenCursor): RoutineBody {
  const functions: { role: string; name: string }[] = [];
  for (;;) {
    const role = p.acceptAnyWord('INITIALIZE', 'ITERATE', 'MERGE', 'FINALIZE');
    if (role === undefined) break;
    p.expectWord('WITH');
    functions.push({ role, name: parseDottedName(p) });
  }
  if (!functions.some(({ role }) => role === 'ITERATE')) p.expected('ITERATE WITH');
  return { kind: 'aggregate', functions };
}

export function parseDropRoutine(p: TokenCursor, position: number): DropRoutineStatement {
  const routine = parseKind(p);
  const ifExists = acceptIfExists(p);
  const name = p.qualifiedName();
  const fromClass = p.acceptWord('FROM') ? parseClassName(p) : undefined;
  return { kind: 'drop-routine', routine, ifExists, name, ...(fromClass && { fromClass }), position };
}

/** `CALL p(..)`; with braces as ODBC writes it, and with `? =` before it. */
export function parseCall(p: TokenCursor): CallStatement {
  const { position } = p;
  const brace = p.acceptSymbol('{');
  const returnParameter = p.isWord('CALL') ? undefined : parseReturnParameter(p);
  p.expectWord('CALL');
  const procedure = p.qualifiedName();
  p.expectSymbol('(');
  const omitted: number[] = [];
  const values = p.isSymbol(')') ? [] : parseArguments(p, omitted);
  p.expectSymbol(')');
  if (brace) p.expectSymbol('}');
  return {
    kind: 'call',
    procedure,
    arguments: values,
    omitted,
    ...(returnParameter !== undefined && { returnParameter }),
    position,
  };
}

function parseArguments(p: TokenCursor, omitted: number[]): Expression[] {
  const values: Expression[] = [];
  do {
    const { position } = p;
    const isOmitted = p.isSymbol(',') || p.isSymbol(')');
    if (isOmitted) omitted.push(values.length);
    values.push(isOmitted ? { kind: 'null', position } : parseExpression(p));
  } while (p.acceptSymbol(','));
  return values;
}

function parseReturnParameter(p: TokenCursor): number {
  if (p.acceptSymbol('?')) {
    const index = p.nextParameter();
    p.expectSymbol('=');
    return index;
  }
  const value = parseHostVariable(p);
  p.expectSymbol('=');
  return value.kind === 'parameter' ? value.index : p.expected('?');
}

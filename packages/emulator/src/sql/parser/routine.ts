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
  const routine = p.expectAnyWord(...ROUTINE_KINDS);
  const name = p.qualifiedName();
  const parameters = p.isSymbol('(') ? parseParameters(p) : [];
  const { language, returns, list } = parseCharacteristics(p);
  const body = routine === 'AGGREGATE' ? parseAggregateBody(p) : parseRoutineBody(p, language);
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
  const hasDefault = p.acceptWord('DEFAULT') || p.acceptSymbol('=');
  const defaultValue = hasDefault ? parseExpression(p) : undefined;
  return {
    mode: mode === 'OUTPUT' ? 'OUT' : mode,
    name,
    ...(type && { type }),
    ...(defaultValue && { defaultValue }),
    position,
  };
}

/** @throws IrisError -44 for one given twice, -47 for a language that is none */
function parseCharacteristics(p: TokenCursor): Characteristics {
  let language: RoutineLanguage = 'SQL';
  let returns: CreateRoutineStatement['returns'];
  const list: { word: string; value?: string }[] = [];
  const seen = new Set<string>();
  for (;;) {
    const { token } = p;
    if (p.acceptWord('LANGUAGE')) language = parseLanguage(p);
    else if (p.acceptWord('RETURNS')) returns = parseTypeName(p);
    else {
      const characteristic = parseCharacteristic(p);
      if (characteristic === undefined) return { language, returns, list };
      list.push(characteristic);
    }
    if (seen.has(token.upper)) throw p.errorAt(token, -44, `Duplicate method or query characteristic`);
    seen.add(token.upper);
  }
}

function parseCharacteristic(p: TokenCursor): { word: string; value?: string } | undefined {
  const flag = p.acceptAnyWord('FINAL', 'PRIVATE', 'PROCEDURE', 'DETERMINISTIC');
  if (flag !== undefined) return { word: flag };
  if (p.acceptWord('FOR')) return { word: 'FOR', value: parseDottedName(p) };
  if (p.acceptWord('DYNAMIC', 'RESULT', 'SETS') || p.acceptWord('RESULT', 'SETS')) {
    return { word: 'RESULT SETS', value: p.token.kind === 'number' ? p.advance().text : '1' };
  }
  const valued = p.acceptAnyWord('SELECTMODE', 'CONTAINID');
  if (valued !== undefined) return { word: valued, value: p.advance().text };
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
  switch (p.acceptAnyWord('SQL', 'OBJECTSCRIPT', 'COS', 'PYTHON')) {
    case 'SQL':
      return 'SQL';
    case 'OBJECTSCRIPT':
    case 'COS':
      return 'OBJECTSCRIPT';
    case 'PYTHON':
      return 'PYTHON';
    case undefined:
      throw p.error(-47, 'Invalid method or query characteristic');
  }
}

/** `{ code }`, `BEGIN s; s; END`, or one SQL statement. */
export function parseRoutineBody(p: TokenCursor, language: RoutineLanguage): RoutineBody {
  if (language !== 'SQL') return { kind: 'code', text: p.codeBlock(language) };
  const { position } = p;
  const statements = p.routine.inside(() =>
    p.acceptWord('BEGIN') ? parseBlock(p) : [parseBodyStatement(p)],
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
  const routine = p.expectAnyWord(...ROUTINE_KINDS);
  const ifExists = acceptIfExists(p);
  const name = p.qualifiedName();
  const fromClass = p.acceptWord('FROM') ? parseDottedName(p) : undefined;
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
  const values: Expression[] = p.isSymbol(')') ? [] : p.commaList(() => parseExpression(p));
  p.expectSymbol(')');
  if (brace) p.expectSymbol('}');
  return {
    kind: 'call',
    procedure,
    arguments: values,
    ...(returnParameter !== undefined && { returnParameter }),
    position,
  };
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

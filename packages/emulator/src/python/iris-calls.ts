import { IrisError } from '@iris-devtools/core';
import { CallArguments } from '../classes/call-arguments.js';
import { columnFacts } from '../classes/sql/column-object.js';
import { nativeValueOf } from '../classes/sql/select-mode.js';
import { Decimal, Oref } from '../globals/native-value.js';
import { parameterOfValue } from '../server/engine-parameters.js';
import type { NativeValue } from '../globals/native-value.js';
import type { PreparedSql } from '../engine/engine.js';
import type { IrisProcess } from '../server/iris-process.js';

/** A call of the `iris` module, waiting for an answer. */
export type PythonCall = Readonly<Record<string, unknown>> & { readonly op: string };

/** Answers calls of one process; what it throws becomes an exception in Python. */
export type CallHandler = (call: PythonCall) => Promise<unknown>;

type Operation = (process: IrisProcess, call: PythonCall) => unknown;

/** What the `iris` module can do, each in the IRIS process that belongs to the Python one. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  sql: async (process, call) => {
    const statement = await process.sql.prepare(text(call.text));
    const given = values(call.parameters).map((value, index) =>
      parameterOfValue(value, statement.parameters[index]?.typeCode),
    );
    const outcome = await process.execute(statement, given);
    const rows = outcome.rows.map((row) =>
      statement.columns.map((column, index) =>
        toJson(nativeValueOf(row[index] ?? null, column, process.selectMode)),
      ),
    );
    return {
      rows,
      ...description(statement),
      rowCount: outcome.rowCount,
      sqlcode: outcome.sqlcode,
      message: outcome.message ?? '',
    };
  },
  prepare: async (process, call) => description(await process.sql.prepare(text(call.text))),
  classMethod: async (process, call) => {
    const { classes } = process.instance;
    return toJson(
      await classes.callClassMethod(process, text(call.target), text(call.method), callArguments(call)),
    );
  },
  method: async (process, call) => {
    const { classes } = process.instance;
    return toJson(await classes.callMethod(process, oref(call), text(call.method), callArguments(call)));
  },
  hasMethod: (process, call) => process.instance.classes.hasMethod(process, oref(call), text(call.method)),
  getProperty: (process, call) =>
    toJson(process.instance.classes.getProperty(process, oref(call), text(call.property))),
  setProperty: (process, call) => {
    process.instance.classes.setProperty(process, oref(call), text(call.property), fromJson(call.value));
  },
  get: (process, call) => toJson(process.instance.globals.get(node(process, call))),
  set: (process, call) => {
    process.globals.set(node(process, call), fromJson(call.value));
  },
  kill: (process, call) => {
    process.globals.kill(node(process, call));
  },
  data: (process, call) => process.instance.globals.data(node(process, call)),
  order: (process, call) => process.instance.globals.order(node(process, call), 'next'),
  tstart: (process) => process.begin(),
  tcommit: (process) => process.commitOne(),
  trollback: (process) => process.rollback(),
  trollbackone: (process) => process.rollbackOne(),
  tlevel: (process) => process.transactionLevel,
};

export function irisCalls(process: IrisProcess): CallHandler {
  return async (call) => {
    const operation = Object.hasOwn(OPERATIONS, call.op) ? OPERATIONS[call.op] : undefined;
    if (operation === undefined)
      throw new IrisError(`The iris module has no ${call.op}`, { code: 'IRIS_UNSUPPORTED' });
    return await operation(process, call);
  };
}

function description({ columns, parameters }: PreparedSql) {
  return { columns: columns.map(columnFacts), parameterCount: parameters.length };
}

/** What Python gets when a call failed; a message is all that is told. */
export function errorAnswer(error: unknown): { readonly error: string; readonly sqlcode?: number } {
  if (typeof error !== 'object' || error === null || !('message' in error)) return { error: String(error) };
  const sqlcode = 'sqlcode' in error && typeof error.sqlcode === 'number' ? { sqlcode: error.sqlcode } : {};
  // Embedded Python shows the text of %msg alone and has the code as a number.
  const msg = 'details' in error ? (error.details as { readonly msg?: unknown } | null)?.msg : undefined;
  return { error: typeof msg === 'string' ? msg : String(error.message), ...sqlcode };
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new IrisError('A text is expected', { code: 'IRIS_VALUE' });
}

function values(list: unknown): NativeValue[] {
  return Array.isArray(list) ? list.map(fromJson) : [];
}

function callArguments(call: PythonCall): CallArguments {
  return new CallArguments(values(call.arguments).map((value) => ({ value, byReference: false })));
}

function oref(call: PythonCall): Oref {
  return new Oref(typeof call.oref === 'number' ? call.oref : -1, '');
}

function node({ namespace }: IrisProcess, call: PythonCall) {
  return { namespace, name: text(call.name).replace(/^\^/, ''), subscripts: values(call.subscripts) };
}

/** Numbers that JSON cannot carry exactly travel as text with a tag; `null` is "no value at all". */
function toJson(value: NativeValue): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return { integer: value.toString() };
  if (value instanceof Decimal) return { number: value.text };
  if (value instanceof Oref) return { oref: value.id };
  return value;
}

function fromJson(value: unknown): NativeValue {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null) return '';
  if ('integer' in value) return BigInt(text(value.integer));
  if ('oref' in value && typeof value.oref === 'number') return new Oref(value.oref, '');
  return '';
}

import { CallArguments } from '../classes/call-arguments.js';
import { nativeError } from '../classes/native-error.js';
import { textOf } from '../globals/native-value.js';
import { callArgument, listItem, nativeValue, orefOf } from './native-items.js';
import type { ListItem } from '@iris-devtools/protocol';
import type { GlobalReference } from '../globals/global-store.js';
import type { LockMode, LockName } from '../globals/lock-table.js';
import type { IrisProcess } from './iris-process.js';
import type { Handlers } from './handler.js';

/** Globals, locks and transactions of the native API. */
export const globalHandlers: Handlers = {
  GlobalGet: ({ process }, request, exchange) => {
    exchange.native('GlobalGet', {
      value: listItem(process.instance.globals.get(reference(process, request))),
    });
  },
  GlobalSet: ({ process }, request, exchange) => {
    process.globals.set(reference(process, request), nativeValue(request.value));
    exchange.native('GlobalSet', {});
  },
  GlobalKill: ({ process }, request, exchange) => {
    process.globals.kill(reference(process, request));
    exchange.native('GlobalKill', {});
  },
  GlobalOrder: ({ process }, request, exchange) => {
    const { globals } = process.instance;
    const at = reference(process, request);
    const next = globals.order(at, request.direction);
    const subscript: ListItem = { type: 'string', value: next };
    if (!request.withValue) {
      exchange.native('GlobalOrder', { subscript });
      return;
    }
    const value =
      next === '' ? undefined : globals.get({ ...at, subscripts: [...at.subscripts.slice(0, -1), next] });
    exchange.native('GlobalOrder', { subscript, value: listItem(value) });
  },
  GlobalIncrement: ({ process }, request, exchange) => {
    const sum = process.instance.globals.increment(reference(process, request), nativeValue(request.by));
    exchange.native('GlobalIncrement', { value: listItem(sum) });
  },
  GlobalData: ({ process }, request, exchange) => {
    exchange.native('GlobalData', { data: process.instance.globals.data(reference(process, request)) });
  },

  Lock: async ({ process }, request, exchange) => {
    // unverified on a live server: that a negative timeout waits without end.
    const timeoutMs = request.timeoutSeconds < 0 ? undefined : request.timeoutSeconds * 1_000;
    const granted = await process.lock(lockName(process, request), lockMode(request.mode), timeoutMs);
    exchange.native('Lock', { granted });
  },
  Unlock: ({ process }, request, exchange) => {
    process.unlock(
      lockName(process, request),
      lockMode(request.mode),
      request.mode.toUpperCase().includes('I'),
    );
    exchange.native('Unlock', {});
  },
  ReleaseAllLocks: ({ process }, _request, exchange) => {
    process.releaseAllLocks();
    exchange.native('ReleaseAllLocks', {});
  },

  TStart: async ({ process }, _request, exchange) => {
    await process.begin();
    exchange.native('TStart', {});
  },
  TCommit: async ({ process }, _request, exchange) => {
    await process.commitOne();
    exchange.native('TCommit', {});
  },
  TRollback: async ({ process }, _request, exchange) => {
    await process.rollback();
    exchange.native('TRollback', {});
  },
  TRollbackOne: async ({ process }, _request, exchange) => {
    await process.rollbackOne();
    exchange.native('TRollbackOne', {});
  },
  TLevel: ({ process }, _request, exchange) => {
    exchange.native('TLevel', { level: process.transactionLevel });
  },
};

/** Class methods, methods and properties of objects, and routines. */
export const callHandlers: Handlers = {
  ClassMethodValue: async ({ process }, request, exchange) => {
    const args = new CallArguments(request.args.map(callArgument));
    const value = await process.instance.classes.callClassMethod(
      process,
      request.target,
      request.method,
      args,
    );
    exchange.native('ClassMethodValue', {
      value: listItem(value),
      byReference: args.byReferenceValues.map(listItem),
    });
  },
  ClassMethodVoid: async ({ process }, request, exchange) => {
    const args = new CallArguments(request.args.map(callArgument));
    await process.instance.classes.callClassMethod(process, request.target, request.method, args);
    exchange.native('ClassMethodVoid', { byReference: args.byReferenceValues.map(listItem) });
  },
  InstanceMethodValue: async ({ process }, request, exchange) => {
    const args = new CallArguments(request.args.map(callArgument));
    const value = await process.instance.classes.callMethod(
      process,
      orefOf(request.target),
      request.method,
      args,
    );
    exchange.native('InstanceMethodValue', {
      value: listItem(value),
      byReference: args.byReferenceValues.map(listItem),
    });
  },
  InstanceMethodVoid: async ({ process }, request, exchange) => {
    const args = new CallArguments(request.args.map(callArgument));
    await process.instance.classes.callMethod(process, orefOf(request.target), request.method, args);
    exchange.native('InstanceMethodVoid', { byReference: args.byReferenceValues.map(listItem) });
  },
  PropertyGet: ({ process }, request, exchange) => {
    const value = process.instance.classes.getProperty(process, orefOf(request.oref), request.property);
    exchange.native('PropertyGet', { value: listItem(value) });
  },
  PropertySet: ({ process }, request, exchange) => {
    const value = nativeValue(request.value);
    process.instance.classes.setProperty(process, orefOf(request.oref), request.property, value);
    exchange.native('PropertySet', {});
  },
  // There is no ObjectScript compiler here, hence no routine; IRIS words a missing one like this.
  RoutineFunction: (_session, request) => {
    throw nativeError('NOROUTINE', request.target);
  },
  RoutineProcedure: (_session, request) => {
    throw nativeError('NOROUTINE', request.target);
  },
};

interface Node {
  readonly name: string;
  readonly subscripts: readonly ListItem[];
}

function reference({ namespace }: IrisProcess, { name, subscripts }: Node): GlobalReference {
  return { namespace, name: name.replace(/^\^/, ''), subscripts: subscripts.map(nativeValue) };
}

function lockName({ namespace }: IrisProcess, { name, subscripts }: Node): LockName {
  return { namespace, name, subscripts: subscripts.map((item) => textOf(nativeValue(item))) };
}

function lockMode(mode: string): LockMode {
  return mode.toUpperCase().includes('S') ? 'shared' : 'exclusive';
}

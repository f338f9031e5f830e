import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { loadModule } from 'libpg-query';
import { PgError } from '../pg-error.js';
import { Backend, BrokenBackend } from './backend.js';
import type {
  NumberedCall,
  NumberedReply,
  WorkerCall,
  WorkerOptions,
  WorkerReady,
  WorkerReply,
  WorkerSnapshot,
} from './worker-protocol.js';

/** Entry of the worker thread: calls are answered one after the other, in the order in which they came. */

function perform(backend: Backend, call: WorkerCall): Promise<WorkerReply> {
  switch (call.kind) {
    case 'describe':
      return backend.describe(call.request);
    case 'run':
      return backend.run(call.request);
    case 'load':
      return backend.load(call.statements);
    case 'inspect':
      return backend.inspect(call.sql);
    case 'setting':
      return backend.checkSetting(call.name, call.value);
  }
}

async function answer(backend: Backend, call: WorkerCall): Promise<WorkerReply> {
  try {
    return await perform(backend, call);
  } catch (error) {
    if (error instanceof PgError) return { kind: 'refused', error: error.fields };
    if (error instanceof BrokenBackend) return { kind: 'broken', reason: error.message };
    // Anything else is our own mistake: the instance may be in any state.
    return {
      kind: 'broken',
      reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

async function main(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('this module is the entry of a worker thread');
  await loadModule();
  const options = workerData as WorkerOptions;
  const backend = await Backend.create(options);
  port.postMessage({ kind: 'ready' } satisfies WorkerReady);
  // Before the first call, which would leave a client's role and database in it.
  let tail = options.snapshot === undefined ? sendSnapshot(port, backend) : Promise.resolve();
  port.on('message', ({ id, call }: NumberedCall) => {
    tail = tail.then(async () => {
      const reply = await answer(backend, call);
      const numbered: NumberedReply = { kind: 'reply', id, reply };
      port.postMessage(numbered, reply.kind === 'answer' ? [reply.bytes.buffer as ArrayBuffer] : []);
    });
  });
}

async function sendSnapshot(port: MessagePort, backend: Backend): Promise<void> {
  const tar = await backend.dump();
  port.postMessage({ kind: 'snapshot', tar } satisfies WorkerSnapshot, [tar.buffer]);
}

void main();

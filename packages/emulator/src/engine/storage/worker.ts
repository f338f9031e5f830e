import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { GATE_COMMITTED, GATE_OPEN, transferList } from './worker-messages.js';
import type { WorkerCommand, WorkerReply, WorkerRequest, WorkerSettings } from './worker-messages.js';

// The default of 128 MB costs start-up time and memory, and a development database never needs it.
const SHARED_BUFFERS = 'shared_buffers=2MB';

// Nothing in memory survives a crash, so nothing needs to be made safe against one.
const VOLATILE = ['-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];

async function main(settings: WorkerSettings): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('This file runs as a worker thread only.');
  const reply = (message: WorkerReply, transfer: ArrayBuffer[] = []): void => {
    port.postMessage(message, transfer);
  };
  const fresh = settings.dataDir === undefined || !existsSync(join(settings.dataDir, 'PG_VERSION'));
  const database = await PGlite.create({
    ...(settings.dataDir === undefined ? {} : { dataDir: settings.dataDir }),
    ...(settings.image !== undefined && fresh ? { loadDataDir: new Blob([settings.image]) } : {}),
    startParams: [
      ...PGlite.defaultStartParams,
      '-c',
      SHARED_BUFFERS,
      ...(settings.dataDir === undefined ? VOLATILE : []),
    ],
  });
  port.on('message', (request: WorkerRequest | WorkerCommand) => {
    if (request === 'dump') {
      queue = queue.then(async () => {
        const file = await database.dumpDataDir('gzip');
        const bytes = new Uint8Array(await file.arrayBuffer());
        reply({ kind: 'image', bytes }, transferList(bytes));
      });
      return;
    }
    if (request === 'close') {
      void database.close().then(() => {
        reply({ kind: 'closed' });
        port.close();
      });
      return;
    }
    queue = queue.then(async () => {
      const bytes = await answer(database, request, settings.maxAnswerBytes);
      reply({ kind: 'answer', id: request.id, bytes }, transferList(bytes));
    });
    // A broken instance cannot be told from a slow one by its caller, so say so.
    queue.catch((error: unknown) => {
      reply({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    });
  });
  let queue: Promise<void> = Promise.resolve();
  reply({ kind: 'ready', fresh });
}

async function answer(
  database: PGlite,
  request: WorkerRequest,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const run = (bytes: Uint8Array, syncToFs: boolean): Promise<void> =>
    database.execProtocolRawStream(bytes, {
      syncToFs,
      // The chunk is a view on the memory of the WASM instance: it must be copied before the next message.
      onRawData: (data) => {
        total += data.length;
        if (total <= maxBytes) chunks.push(data.slice());
      },
    });
  if (request.end === undefined) {
    await run(request.bytes, true);
  } else {
    await run(request.bytes, false);
    const state = Atomics.compareExchange(request.end.gate, 0, GATE_OPEN, GATE_COMMITTED);
    await run(state === GATE_OPEN ? request.end.commit : request.end.abort, true);
  }
  if (total > maxBytes) return tooLarge(maxBytes);
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** An ErrorResponse with SQLSTATE 54000 and a ReadyForQuery, as PostgreSQL itself would send them. */
function tooLarge(maxBytes: number): Uint8Array<ArrayBuffer> {
  const fields = Buffer.from(`SERROR\0C54000\0Mthe result is larger than ${maxBytes} bytes\0\0`, 'latin1');
  const bytes = new Uint8Array(5 + fields.length + 6);
  const view = new DataView(bytes.buffer);
  bytes[0] = 'E'.charCodeAt(0);
  view.setInt32(1, 4 + fields.length);
  bytes.set(fields, 5);
  bytes[5 + fields.length] = 'Z'.charCodeAt(0);
  view.setInt32(6 + fields.length, 5);
  bytes[10 + fields.length] = 'I'.charCodeAt(0);
  return bytes;
}

main(workerData as WorkerSettings).catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  parentPort?.postMessage({ kind: 'failed', message } satisfies WorkerReply);
});

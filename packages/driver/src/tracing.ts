import { channel, tracingChannel, type TracingChannel } from 'node:diagnostics_channel';
import { FrameDecoder, FrameTracer, type Frame } from '@iris-devtools/protocol';

/** What subscribers of the query channel get. SQL text is part of it, bound values never are. */
export interface QueryTrace {
  readonly sql: string;
  readonly parameterCount: number;
  /** First word of the statement in upper case, such as SELECT; CALL for a procedure that is called by its name. */
  readonly operation: string;
  readonly host: string;
  readonly port: number;
  readonly namespace: string;
}

export interface FrameListener {
  sent(message: Buffer): void;
  received(frame: Frame): void;
}

/** Names for `node:diagnostics_channel`: start, end and error of each statement, and one line of text per frame. */
export const QUERY_CHANNEL = 'iris-devtools:driver:query';
export const FRAME_CHANNEL = 'iris-devtools:driver:frame';

const queries: TracingChannel<QueryTrace> = tracingChannel<QueryTrace>(QUERY_CHANNEL);
const frames = channel(FRAME_CHANNEL);

/** Runs `work` under the query channel; costs nothing without subscribers. Rows are kept from the subscribers. */
export async function traceQuery<T>(work: () => Promise<T>, trace: () => QueryTrace): Promise<T> {
  if (!queries.hasSubscribers) return work();
  const results: T[] = [];
  await queries.tracePromise(async () => {
    results.push(await work());
  }, trace());
  return results[0] as T;
}

/** Publishes one line per frame while somebody listens. */
export function frameListener(server: string): FrameListener {
  const tracer = new FrameTracer();
  return {
    sent(message) {
      if (!frames.hasSubscribers) return;
      const decoder = new FrameDecoder({ maxPayloadBytes: message.length });
      decoder.push(message);
      const frame = decoder.next();
      if (frame !== undefined) frames.publish({ server, line: tracer.request(frame) });
    },
    received(frame) {
      if (frames.hasSubscribers) frames.publish({ server, line: tracer.reply(frame) });
    },
  };
}

import type { FormatCode } from '../messages/format-codes.js';
import type { Cancellation } from './cancellation.js';
import type { Client } from './client.js';
import type { Execution } from './execution.js';

export interface SentRows {
  readonly rowCount: number;
  /** The limit was reached; there may be more. */
  readonly suspended: boolean;
}

/** Sends rows until they are used up or the limit is reached. @param maxRows 0: no limit */
export async function sendRows(
  client: Client,
  execution: Execution,
  formats: readonly FormatCode[],
  maxRows: number,
  cancellation: Cancellation,
): Promise<SentRows> {
  const { output } = client;
  let rowCount = 0;
  for (;;) {
    if (maxRows > 0 && rowCount === maxRows) return { rowCount, suspended: true };
    // Rows that are here already are not waited for: a turn of the event loop for each would cost more than the row.
    const pending = execution.next();
    const step = pending instanceof Promise ? await pending : pending;
    if (step.done === true) return { rowCount, suspended: false };
    output.send({ kind: 'DataRow', values: execution.encode(step.value, formats) });
    rowCount += 1;
    if (output.full) {
      await output.flush();
      cancellation.signal.throwIfAborted();
    }
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageKind } from '@iris-devtools/protocol';

/** One line of a file under `vectors/`. */
export interface Vector {
  readonly name: string;
  readonly from: 'client' | 'server';
  readonly hex: string;
  readonly message: unknown;
  readonly source: string;
  /** A form that is read, while another form is written for the same meaning. */
  readonly readOnly?: boolean;
  readonly compactDoubles?: boolean;
  /** Of a reply: the kind of request that it answers. */
  readonly replyTo?: MessageKind;
  readonly features?: number;
  readonly isQuery?: boolean;
  readonly outputCount?: number;
}

export function readVectors(file: string): Vector[] {
  return readFileSync(join(__dirname, '..', 'vectors', file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Vector);
}

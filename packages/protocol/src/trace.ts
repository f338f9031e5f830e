import { isIrisError } from '@iris-devtools/core';
import { functionCodeName, functionCodeText } from './function-codes.js';
import { sqlcodeOf, NATIVE_OK, type Frame } from './frame/frame.js';
import type { MessageCodec } from './messages/codec.js';
import { decodeRequest, kindOfCode, MESSAGES, type CodecOptions, type Request } from './messages/registry.js';

/**
 * Turns frames into lines such as `> 3/1 DQ direct query 78 bytes: "select 1", 0 parameters` and
 * `< 3/1 DQ status 100 11 bytes`. Numbers after the arrow: sequence and statement id.
 * User names, passwords and bound values are never in a line; SQL text is.
 */
export class FrameTracer {
  readonly #options: CodecOptions;
  /** Function codes of requests that wait for a reply. */
  readonly #codes = new Map<number, number>();

  constructor(options: CodecOptions = {}) {
    this.#options = options;
  }

  request(frame: Frame): string {
    // One request is in flight at a time; a few more are remembered for peers that do not keep to it.
    if (this.#codes.size >= 16) this.#codes.clear();
    this.#codes.set(frame.sequence, frame.code);
    const name = functionCodeName(frame.code) ?? 'unknown request';
    const summary = this.#summary(frame);
    return `> ${prefix(frame)} ${functionCodeText(frame.code)} ${name} ${frame.payload.length} bytes${summary}`;
  }

  reply(frame: Frame): string {
    const code = this.#codes.get(frame.sequence);
    const to = code === undefined ? '??' : functionCodeText(code);
    const native = code !== undefined && code >> 8 === 0xc2;
    const status = native
      ? frame.code === NATIVE_OK
        ? 'ok'
        : `failed (${frame.code})`
      : `status ${sqlcodeOf(frame.code)}`;
    return `< ${prefix(frame)} ${to} ${status} ${frame.payload.length} bytes`;
  }

  #summary(frame: Frame): string {
    const kind = kindOfCode(frame.code);
    if (kind === undefined) return '';
    const codec: Pick<MessageCodec<Request, unknown>, 'summary'> = MESSAGES[kind];
    try {
      const text = codec.summary?.(decodeRequest(frame, this.#options));
      return text === undefined ? '' : `: ${text}`;
    } catch (error) {
      return isIrisError(error) ? `: malformed, ${error.message}` : ': malformed';
    }
  }
}

function prefix(frame: Frame): string {
  return `${frame.sequence}/${frame.statementId}`;
}

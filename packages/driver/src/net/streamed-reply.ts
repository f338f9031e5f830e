import { limitError, type Frame, type FrameDecoder, type StreamedFrameHeader } from '@iris-devtools/protocol';

/** Where the payload of one reply goes, piece by piece. A piece is a view of a network buffer. */
export interface PayloadSink {
  /** Whether a reply with this status is the one that is streamed; another one is gathered as usual. */
  accepts(code: number): boolean;
  piece(bytes: Buffer): void;
}

/** Reads the reply to one request without holding its payload; replies to other requests that come before it are gathered. */
export class StreamedReply {
  readonly #sink: PayloadSink;
  readonly #sequence: number;
  readonly #maxGatheredBytes: number;
  #header: StreamedFrameHeader | undefined;
  #left = 0;
  #gathered: Buffer[] | undefined;

  constructor(sink: PayloadSink, sequence: number, maxGatheredBytes: number) {
    this.#sink = sink;
    this.#sequence = sequence;
    this.#maxGatheredBytes = maxGatheredBytes;
  }

  /**
   * Takes what has arrived. Gives each frame once it is over: the payload of the streamed one is empty.
   * @throws IrisError IRIS_LIMIT for a gathered payload that is too long
   */
  read(decoder: FrameDecoder): Frame | undefined {
    const header = this.#header ?? this.#begin(decoder);
    if (header === undefined) return undefined;
    for (let piece = decoder.nextPiece(); piece !== undefined; piece = decoder.nextPiece()) {
      this.#left -= piece.length;
      if (this.#gathered === undefined) this.#sink.piece(piece);
      else this.#gathered.push(piece);
    }
    if (this.#left > 0) return undefined;
    this.#header = undefined;
    const { sequence, statementId, code } = header;
    return { sequence, statementId, code, payload: Buffer.concat(this.#gathered ?? []) };
  }

  #begin(decoder: FrameDecoder): StreamedFrameHeader | undefined {
    const header = decoder.nextHeader();
    if (header === undefined) return undefined;
    const { sequence, code, payloadLength } = header;
    const streamed = sequence === this.#sequence && this.#sink.accepts(code);
    if (!streamed && payloadLength > this.#maxGatheredBytes) {
      throw limitError('Payload bytes of one message', payloadLength, this.#maxGatheredBytes, 0);
    }
    this.#header = header;
    this.#left = payloadLength;
    this.#gathered = streamed ? undefined : [];
    return header;
  }
}

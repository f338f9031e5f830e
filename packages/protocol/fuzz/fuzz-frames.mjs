// Feeds mutated messages to the decoders: every outcome must be a message or a typed error, in little time and memory.
// Run: node packages/protocol/fuzz/fuzz-frames.mjs [--frames 10000000] [--seed 1]   (after building the package)
// The same seed gives the same frames; a failure prints the frame as hex and ends with exit code 1.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const protocol = require('../dist/index.js');
const { isIrisError } = require('@iris-devtools/core');

const { values } = parseArgs({
  options: { frames: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const frameCount = Number(values.frames);
let state = Number(values.seed) >>> 0 || 1;

/** xorshift32: the same on every machine. */
function random(below) {
  state ^= state << 13;
  state >>>= 0;
  state ^= state >>> 17;
  state ^= state << 5;
  state >>>= 0;
  return state % below;
}

const vectors = readFileSync(new URL('../vectors/messages.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));
const seeds = vectors.map(({ hex, replyTo, features }) => ({
  bytes: Buffer.from(hex, 'hex'),
  replyTo,
  features,
}));
const kinds = Object.keys(protocol.MESSAGES);
const INTERESTING = [0, 1, 2, 4, 5, 6, 7, 8, 9, 0x19, 0x20, 0x24, 0x7f, 0x80, 0xfe, 0xff];
const layouts = [
  { feature: { option: 0, maxRowItemCount: 0 }, columnCount: 3 },
  { feature: { option: 1, maxRowItemCount: 3 }, columnCount: 3, slots: [3, 1, 2] },
];

function mutate(bytes) {
  let out = Buffer.from(bytes);
  for (let n = 1 + random(4); n > 0; n--) {
    const at = random(out.length || 1);
    const kind = random(6);
    if (kind === 0 && out.length > 0) out[at] = random(256);
    else if (kind === 1 && out.length > 0) out[at] = INTERESTING[random(INTERESTING.length)];
    else if (kind === 2) out = out.subarray(0, at);
    else if (kind === 3)
      out = Buffer.concat([out.subarray(0, at), Buffer.from([random(256)]), out.subarray(at)]);
    else if (kind === 4) {
      const other = seeds[random(seeds.length)].bytes;
      out = Buffer.concat([out.subarray(0, at), other.subarray(random(other.length))]);
    } else if (out.length > 0) out[at] ^= 1 << random(8);
  }
  return out;
}

function decode(seed, payload, code) {
  const frame = { sequence: 1, statementId: 0, code, payload };
  const options = { features: seed.features ?? random(4), isQuery: random(2) === 0 };
  if (seed.replyTo === undefined) protocol.decodeRequest(frame, options);
  else protocol.decodeReply(random(8) === 0 ? kinds[random(kinds.length)] : seed.replyTo, frame, options);
}

function walkRows(payload) {
  const reader = new protocol.RowReader(payload, layouts[random(2)]);
  while (reader.nextRow()) {
    for (let i = 0; i < 3; i++) {
      reader.column(i);
      reader.cell.currentValue();
    }
  }
}

function check(run, bytes) {
  try {
    run();
    return true;
  } catch (error) {
    if (isIrisError(error) && (error.code === 'IRIS_PROTOCOL' || error.code === 'IRIS_LIMIT')) return false;
    console.error('untyped failure for', bytes.toString('hex'));
    console.error(error);
    process.exit(1);
  }
}

const started = performance.now();
let slowestMs = 0;
let decoded = 0;
for (let i = 0; i < frameCount; i++) {
  const seed = seeds[random(seeds.length)];
  const bytes = mutate(seed.bytes);
  const before = performance.now();
  const header = 14;
  if (bytes.length >= header) {
    const code = random(16) === 0 ? bytes.readUInt16LE(12) : seed.bytes.readUInt16LE(12);
    if (check(() => decode(seed, bytes.subarray(header), code), bytes)) decoded++;
    if (random(4) === 0) check(() => walkRows(bytes.subarray(header)), bytes);
  }
  if (random(8) === 0) {
    const decoder = new protocol.FrameDecoder({ maxPayloadBytes: 1 << 20 });
    check(() => {
      for (let at = 0; at < bytes.length;) {
        const step = 1 + random(16);
        decoder.push(bytes.subarray(at, at + step));
        while (decoder.next() !== undefined);
        at += step;
      }
    }, bytes);
  }
  slowestMs = Math.max(slowestMs, performance.now() - before);
}
const { rss } = process.memoryUsage();
console.log(
  JSON.stringify({
    frames: frameCount,
    seed: Number(values.seed),
    decoded,
    typedErrors: frameCount - decoded,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    slowestMs: Math.round(slowestMs * 10) / 10,
    rssMiB: Math.round(rss / 2 ** 20),
  }),
);

// An IRIS server that answers every query with rows made beforehand, so that it is never the bottleneck. Runs in a worker thread.
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import protocol from '@iris-devtools/protocol';

const { encodeFrame, encodeReply, FrameDecoder, kindOfCode, RowWriter } = protocol;
const { columnCount, pageRows, pages } = workerData;
const TYPES = [4, 12, 2, 8, 93];
const LOGIN_FEATURES = 1;

const columns = Array.from({ length: columnCount }, (_, index) => ({
  name: `c${index}`,
  label: `c${index}`,
  typeCode: TYPES[index % TYPES.length],
  precision: 10,
  scale: 0,
  nullable: true,
  table: 't',
  schema: 's',
  catalog: '',
}));

/** Integer, text, NUMERIC, DOUBLE and TIMESTAMP in turn: the same values as the PostgreSQL table of the benchmark. */
function writeCell(out, column, row) {
  switch (columns[column].typeCode) {
    case 4:
      return out.integer(row * 7 + column);
    case 12:
      return out.text(`some text ${row}`);
    case 2:
      return out.decimal({ mantissa: BigInt(row * 100 + 25), exponent: -2 });
    case 8:
      return out.double(row * 1.1);
    default:
      return out.text('2024-01-02 03:04:05');
  }
}

function makePage(rows, fast) {
  const writer = new RowWriter({ option: fast ? 1 : 0, maxRowItemCount: columnCount });
  for (let row = 0; row < rows; row++) {
    writer.row((out) => {
      for (let column = 0; column < columnCount; column++) writeCell(out, column, row);
    });
  }
  return writer.finish();
}

const page = { 0: makePage(pageRows, false), 1: makePage(pageRows, true) };
const single = { 0: makePage(1, false), 1: makePage(1, true) };

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  const decoder = new FrameDecoder();
  let features = 0;
  let left = 0;
  socket.on('data', (chunk) => {
    decoder.push(chunk);
    for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) answer(frame);
  });

  function answer(frame) {
    const header = (code) => ({ sequence: frame.sequence, statementId: frame.statementId, code });
    const options = { features };
    const kind = kindOfCode(frame.code);
    if (kind === 'Handshake') {
      const reply = { protocolVersion: 69, unicode: true, compactDoubles: false, locale: 'enuw' };
      socket.write(encodeReply('Handshake', reply, header(0)));
    } else if (kind === 'Connect') {
      features = protocol.decodeRequest(frame).features & LOGIN_FEATURES;
      const reply = {
        serverVersion: 'replay',
        delimitedIdentifiers: true,
        isolationLevel: 0,
        jobNumber: '1',
        emptyStringCode: 0,
        features,
      };
      socket.write(encodeReply('Connect', reply, header(0)));
    } else if (kind === 'DirectQuery') {
      left = pages - 1;
      const feature = { option: features, maxRowItemCount: features ? columnCount : 0 };
      const described = { feature, columns, parameters: [], statementFlag: 1 };
      const first = encodeReply('DirectQuery', described, header(0), options);
      socket.write(Buffer.concat([first, encodeFrame(header(left > 0 ? 0 : 100), page[features])]));
    } else if (kind === 'Fetch') {
      left--;
      socket.write(encodeFrame(header(left > 0 ? 0 : 100), page[features]));
    } else if (kind === 'PreparedQuery') socket.write(encodeFrame(header(100), single[features]));
    else if (kind === 'NativeInit') {
      const items = Array.from({ length: 8 }, () => ({ type: 'integer', value: 1 }));
      socket.write(encodeReply('NativeInit', { items }, header(0)));
    } else if (kind !== 'Disconnect') socket.write(encodeFrame(header(0)));
  }
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
parentPort.on('message', () => process.exit(0));

// A SuperServer that answers from prepared bytes, so that it is never what a benchmark measures. It runs as a process of its
// own: `node replay-server.mjs` prints its port. A query's text says what comes back: `rows=N columns=M`.
import { createServer } from 'node:net';
import protocol from '@iris-devtools/protocol';

const {
  encodeReply,
  encodeFrame,
  FrameDecoder,
  RowWriter,
  STATUS,
  statusCode,
  functionCodeText,
  TYPE_CODE,
  NO_FEATURE,
  REUSABLE_STATEMENT,
  DEFAULT_LIMITS,
  decodeRequest,
} = protocol;
const PAGE_ROWS = 1000;
const TYPES = ['INTEGER', 'BIGINT', 'NUMERIC', 'VARCHAR', 'TIMESTAMP'];
const codec = { features: 0, compactDoubles: false, limits: DEFAULT_LIMITS };

function column(index) {
  const type = TYPES[index % TYPES.length];
  const no = {
    isAutoIncrement: false,
    isCaseSensitive: false,
    isCurrency: false,
    isReadOnly: false,
    isRowVersion: false,
    isUnique: false,
    isAliased: false,
    isExpression: false,
    isHidden: false,
    isIdentity: false,
    isKey: false,
    isRowId: false,
  };
  return {
    name: `c${index}`,
    typeCode: TYPE_CODE[type],
    precision: 10,
    scale: 0,
    nullable: true,
    label: `c${index}`,
    table: '',
    schema: '',
    catalog: '',
    ...no,
    slot: index + 1,
  };
}

/** Values as IRIS sends them: the row's number makes them differ. */
function writeValue(out, index, row) {
  const kind = index % TYPES.length;
  if (kind === 0) out.integer(row);
  else if (kind === 1) out.integer(9_007_199_254_740_993n + BigInt(row));
  else if (kind === 2) out.numeric(`${row}.25`);
  else if (kind === 3) out.text(`row number ${row}`);
  else out.text('2024-02-29 12:34:56');
}

const pages = new Map();
function page(columns, rows) {
  const key = `${columns}/${rows}`;
  if (!pages.has(key)) {
    const writer = new RowWriter(NO_FEATURE);
    for (let row = 0; row < rows; row += 1)
      writer.row((out) => {
        for (let index = 0; index < columns; index += 1) writeValue(out, index, row);
      });
    pages.set(key, writer.finish());
  }
  return pages.get(key);
}

function serve(socket) {
  socket.setNoDelay(true);
  const decoder = new FrameDecoder();
  // npm intersystems-iris asks for fast select and always reads the prefix that comes with it.
  let features = 0;
  const cursors = new Map();
  const texts = new Map();
  const header = (frame, status) => ({
    sequence: frame.sequence,
    statementId: frame.statementId,
    code: statusCode(status),
  });
  const reply = (kind, body, frame, status = STATUS.OK) =>
    socket.write(encodeReply(kind, body, header(frame, status), { ...codec, features, isQuery: true }));
  const nextPage = (frame) => {
    const cursor = cursors.get(frame.statementId);
    const rows = Math.min(cursor.left, PAGE_ROWS);
    cursor.left -= rows;
    const status = cursor.left === 0 ? STATUS.NO_MORE_DATA : STATUS.OK;
    socket.write(encodeFrame(header(frame, status), page(cursor.columns, rows)));
  };
  const open = (frame, text) => {
    const rows = Number(/rows=(\d+)/.exec(text)?.[1] ?? 1);
    const columns = Number(/columns=(\d+)/.exec(text)?.[1] ?? 5);
    cursors.set(frame.statementId, { left: rows, columns });
    return columns;
  };
  const describe = (columns) => ({
    feature: NO_FEATURE,
    columns: Array.from({ length: columns }, (_, i) => column(i)),
    parameters: [],
    statementFlag: REUSABLE_STATEMENT,
  });
  socket.on('data', (chunk) => {
    decoder.push(chunk);
    for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
      const code = functionCodeText(frame.code);
      if (code === 'HS')
        reply(
          'Handshake',
          { protocolVersion: 69, unicode: true, compactDoubles: false, locale: 'enuw' },
          frame,
        );
      else if (code === 'CN') {
        features = decodeRequest(frame, codec).features & 1;
        reply(
          'Connect',
          {
            serverVersion: 'replay',
            delimitedIdentifiers: true,
            isolationLevel: 0,
            jobNumber: '1',
            emptyStringCode: 0,
            features,
          },
          frame,
        );
      } else if (code === 'DC') socket.end();
      // npm intersystems-iris asks this after the login and ends its process unless it gets six items.
      else if (code === 'B0')
        reply(
          'NativeInit',
          { items: Array.from({ length: 6 }, () => ({ type: 'integer', value: 0 })) },
          frame,
        );
      else if (code === 'FD') nextPage(frame);
      else if (code === 'DQ' || code === 'PP') {
        const { text } = decodeRequest(frame, codec);
        texts.set(frame.statementId, text);
        const columns = open(frame, text);
        const parameters = Array.from({ length: (text.match(/:%qpar/g) ?? []).length }, () => ({
          typeCode: 12,
          precision: 50,
          scale: 0,
          nullable: true,
        }));
        reply(code === 'DQ' ? 'DirectQuery' : 'Prepare', { ...describe(columns), parameters }, frame);
        if (code === 'DQ') nextPage(frame);
      } else if (code === 'PQ') {
        open(frame, texts.get(frame.statementId) ?? '');
        nextPage(frame);
      } else socket.write(encodeFrame(header(frame, STATUS.OK)));
    }
  });
  socket.on('error', () => socket.destroy());
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

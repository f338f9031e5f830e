import { describe, expect, it } from '@jest/globals';
import {
  encodeRequest,
  encodeStatus,
  FrameDecoder,
  FrameTracer,
  NATIVE_OK,
  NO_VALUES,
  statusCode,
} from '@iris-devtools/protocol';

function frameOf(bytes: Buffer): Parameters<FrameTracer['request']>[0] {
  const decoder = new FrameDecoder();
  decoder.push(bytes);
  const frame = decoder.next();
  if (frame === undefined) throw new Error('no frame');
  return frame;
}

describe('trace', () => {
  it('gives one line per frame and shows neither credentials nor values', () => {
    const tracer = new FrameTracer();
    const login = encodeRequest(
      {
        kind: 'Connect',
        namespace: 'USER',
        user: 'somebody',
        password: 'hunter2',
        osUser: '',
        clientHost: '',
        applicationName: '',
        clientLocale: '',
        clientAddress: '',
        eventClass: '',
        autocommit: 1,
        isolationLevel: 0,
        features: 1,
      },
      { sequence: 1, statementId: 0 },
    );
    const lines = [
      tracer.request(frameOf(login)),
      tracer.reply(frameOf(encodeStatus({ sequence: 1, statementId: 0, code: statusCode(-30) }))),
      tracer.request(
        frameOf(
          encodeRequest(
            {
              kind: 'DirectUpdate',
              text: 'insert into t values ( :%qpar(1) )',
              parameters: [{ kind: 99, mode: 1 }],
              generatedKeyColumn: undefined,
              timeoutSeconds: 0,
              values: { count: 1, sets: [[{ type: 'string', value: 'private' }]] },
            },
            { sequence: 2, statementId: 5 },
          ),
        ),
      ),
      tracer.request(
        frameOf(
          encodeRequest(
            { kind: 'GlobalGet', name: 'A', subscripts: NO_VALUES.sets[0] ?? [] },
            { sequence: 3, statementId: 0 },
          ),
        ),
      ),
      tracer.reply(frameOf(encodeStatus({ sequence: 3, statementId: 0, code: NATIVE_OK }))),
      tracer.request({ sequence: 4, statementId: 0, code: 0x5144, payload: Buffer.from([9]) }),
      tracer.request({ sequence: 5, statementId: 0, code: 0, payload: Buffer.from([9]) }),
      tracer.reply({ sequence: 99, statementId: 0, code: 0, payload: Buffer.alloc(0) }),
    ];
    expect(lines).toEqual([
      '> 1/0 CN connect 45 bytes: namespace USER, user and password hidden, features 1',
      '< 1/0 CN status -30 0 bytes',
      '> 2/5 DU direct update 67 bytes: "insert into t values ( :%qpar(1) )", 1 parameters x 1',
      '> 3/0 41C2 global get 5 bytes: A with 0 subscripts',
      '< 3/0 41C2 ok 0 bytes',
      '> 4/0 DQ direct query 1 bytes: malformed, A list item reaches past the end of its message (at byte 0)',
      '> 5/0 0000 unknown request 1 bytes',
      '< 99/0 ?? status 0 0 bytes',
    ]);
    expect(lines.join()).not.toMatch(/hunter2|somebody|private/);
  });
});

import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES, IrisError, SQLCODES, sqlError, type IrisErrorCode } from '@iris-devtools/core';
import { PgError } from '../../src/pg-error.js';
import { toPgError } from '../../src/sql/errors.js';

describe('toPgError', () => {
  it.each(Object.keys(ERROR_CODES) as IrisErrorCode[])('gives %s a SQLSTATE', (code) => {
    expect(toPgError(new IrisError('it broke', { code })).sqlstate).toMatch(/^[0-9A-Z]{5}$/);
  });

  it.each([...SQLCODES.keys()].filter((sqlcode) => sqlcode < 0))(
    'gives SQLCODE %d a SQLSTATE and a message',
    (sqlcode) => {
      const { fields } = toPgError(sqlError(sqlcode, 'details'));
      expect(fields.sqlstate).toMatch(/^[0-9A-Z]{5}$/);
      expect(fields.message).not.toBe('');
    },
  );

  it('leaves PostgreSQL errors alone and wraps everything else', () => {
    const error = new PgError({ sqlstate: '22012', message: 'division by zero' });
    expect(toPgError(error)).toBe(error);
    expect(toPgError(new TypeError('x is no function')).fields).toMatchObject({ sqlstate: 'XX000' });
    expect(toPgError('text').sqlstate).toBe('XX000');
    expect(toPgError(sqlError(-99_999)).sqlstate).toBe('HY000');
  });

  const REFINED: readonly (readonly [sqlcode: number, msg: string, fields: object])[] = [
    [
      -119,
      "Table 'SQLUser.T', Constraint 'T_PKEY2', Field(s) id=1; failed unique check",
      {
        sqlstate: '23505',
        message: 'duplicate key value violates unique constraint "T_PKEY2"',
        schema: 'public',
        table: 'T',
        constraint: 'T_PKEY2',
        detail: 'Key (id)=(1) already exists.',
      },
    ],
    [
      -119,
      "Table 'SQLUser.T', Constraint 'IDKEY', Field(s) ID1=1; failed unique check",
      { sqlstate: '23505', constraint: 'T_pkey', table: 'T' },
    ],
    [
      -108,
      "'name' in table 'SQLUser.T' is a required field",
      { sqlstate: '23502', column: 'name', table: 'T', schema: 'public' },
    ],
    [
      -104,
      "Field 'SQLUser.T.b' (value 'xyz') failed validation",
      { sqlstate: '22000', column: 'b', table: 'T' },
    ],
    [
      -104,
      "Field 'SQLUser.T.b' (value 'xyz') length longer than MAXLEN allowed of 2",
      { sqlstate: '22001', message: 'value too long for type character varying(2)' },
    ],
    [
      -105,
      "Field 'S.T.n' (value '99') is greater than MAXVAL allowed of 9",
      { sqlstate: '22003', schema: 'S' },
    ],
    [-104, "Field 'SQLUser.T.d' value 'x' is not a valid date", { sqlstate: '22P02' }],
    [-400, '<DIVIDE>zfetch+3^%sqlcq.USER.1', { sqlstate: '22012', message: 'division by zero' }],
    [-400, '<SUBSCRIPT>zinsert', { sqlstate: '54000' }],
    [-400, 'something else', { sqlstate: 'XX000' }],
    [-30, "Table 'SQLUSER.X' not found", { sqlstate: '42P01' }],
    [-450, 'timeout', { sqlstate: '57014' }],
    [-456, 'interrupted', { sqlstate: '57014' }],
  ];

  it.each(REFINED)('%d %s', (sqlcode, msg, fields) => {
    expect(toPgError(sqlError(sqlcode, msg)).fields).toMatchObject(fields);
  });

  it('tells apart what a check in the SQL found', () => {
    const failed = sqlError(-140);
    expect(toPgError(failed).sqlstate).toBe('22011');
    expect(toPgError(failed, { guards: new Set(['cast']) }).sqlstate).toBe('22P02');
    expect(toPgError(failed, { guards: new Set(['cardinality']) }).sqlstate).toBe('21000');
    const both = toPgError(failed, { guards: new Set(['range', 'cardinality']) });
    expect(both.fields.message).toContain('; or ');
  });
});

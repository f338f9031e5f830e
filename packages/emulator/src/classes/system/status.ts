import { decodeList } from '@iris-devtools/protocol';
import { textOf } from '../../globals/native-value.js';
import type { ClassDefinition } from '../class-definition.js';

interface StatusError {
  readonly code: number;
  readonly text: string;
}

/** %SYSTEM.Status: takes statuses apart. */
export const statusClass: ClassDefinition = {
  name: '%SYSTEM.Status',
  classMethods: {
    OK: () => 1,
    IsOK: (_process, args) => Number(isOk(args.text(0))),
    IsError: (_process, args) => Number(!isOk(args.text(0))),
    GetErrorText: (_process, args) =>
      errorsOf(args.text(0))
        .map(({ code, text }) => `ERROR #${code}: ${text}`)
        .join('\r\n'),
    GetErrorCodes: (_process, args) =>
      errorsOf(args.text(0))
        .map(({ code }) => code)
        .join(','),
  },
};

function isOk(status: string): boolean {
  return status.startsWith('1');
}

function errorsOf(status: string): readonly StatusError[] {
  if (isOk(status) || !status.startsWith('0 ')) return [];
  return decodeList(Buffer.from(status.slice(2), 'latin1')).map((error) => {
    const [code, text] = decodeList(Buffer.from(textOf(error ?? ''), 'latin1'));
    return { code: Number(code), text: textOf(text ?? '') };
  });
}

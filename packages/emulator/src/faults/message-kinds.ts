import { IrisError } from '@iris-devtools/core';
import { MESSAGES } from '@iris-devtools/protocol';
import type { MessageKind } from '@iris-devtools/protocol';

/** @throws IrisError IRIS_OPTION for a name that is no kind of message */
export function kindOfName(name: string): MessageKind {
  if (Object.hasOwn(MESSAGES, name)) return name as MessageKind;
  throw new IrisError(`${JSON.stringify(name)} is no kind of message`, {
    code: 'IRIS_OPTION',
    hint: `Kinds: ${Object.keys(MESSAGES).join(', ')}.`,
  });
}

import { textOf } from '../../globals/native-value.js';
import { nativeError } from '../native-error.js';
import { STATUS_OK } from '../status.js';
import type { ClassDefinition } from '../class-definition.js';

/** %Collection.ListOfDT: a property that is a list of texts; counts from 1. It is the list itself, not a copy. */
export const listOfDataClass: ClassDefinition<string[]> = {
  name: '%Collection.ListOfDT',
  methods: {
    Count: (list) => list.length,
    GetAt: (list, _process, args) => list[args.integer(0, 0) - 1] ?? '',
    Insert: (list, _process, args) => {
      list.push(args.text(0));
      return STATUS_OK;
    },
    SetAt: (list, _process, args) => {
      const index = args.integer(1, 0) - 1;
      if (list[index] === undefined) throw nativeError('SUBSCRIPT');
      list[index] = args.text(0);
      return STATUS_OK;
    },
    RemoveAt: (list, _process, args) => textOf(list.splice(args.integer(0, 0) - 1, 1)[0] ?? ''),
    Clear: (list) => {
      list.length = 0;
      return STATUS_OK;
    },
  },
  properties: { Size: { get: (list) => list.length } },
};

import type { ListItem, RequestOf } from '@iris-devtools/protocol';

const info = (count: number) => Array.from({ length: count }, () => ({ kind: 63, mode: 1 }));

/** A direct query; `?` in the text stands for the values in order. */
export function query(text: string, values: readonly ListItem[] = []): RequestOf<'DirectQuery'> {
  return {
    kind: 'DirectQuery',
    text,
    parameters: info(values.length),
    values: { count: values.length, sets: [values] },
    timeoutSeconds: 0,
    maxRows: 0,
  };
}

/** A direct update, once per set of values. */
export function update(text: string, ...sets: readonly (readonly ListItem[])[]): RequestOf<'DirectUpdate'> {
  const count = sets[0]?.length ?? 0;
  return {
    kind: 'DirectUpdate',
    text,
    parameters: info(count),
    generatedKeyColumn: undefined,
    timeoutSeconds: 0,
    values: { count, sets: sets.length === 0 ? [[]] : sets },
  };
}

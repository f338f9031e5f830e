/** `SQLUser.T`, as messages name a table. */
export const displayName = (object: { readonly schema: string; readonly name: string }): string =>
  `${object.schema}.${object.name}`;

/**
 * IRIS keeps a description for each column of a table and none for those of a view. So what a view's columns were declared
 * as in PostgreSQL is kept in a table of our own in IRIS, made with the first view that a PostgreSQL client creates, and
 * never shown to them. Without it a timestamp with time zone would lose its zone on the way through a view.
 *
 * A view that is dropped or replaced through IRIS itself leaves its rows behind; they count only for columns of the same
 * names and kinds of types.
 */
export const VIEW_COLUMNS = {
  schema: 'PgwireCatalog',
  table: 'ViewColumn',
  columns: {
    viewSchema: 'ViewSchema',
    viewName: 'ViewName',
    columnName: 'ColumnName',
    description: 'Description',
  },
} as const;

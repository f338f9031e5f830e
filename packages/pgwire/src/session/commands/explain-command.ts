import { as } from '../../sql/ast.js';
import { notSupported } from '../../pg-error.js';
import { parseStatements } from '../../statement/parse-statements.js';
import { explainedStatement } from '../../statement/token-slices.js';
import { rowsOf } from '../execution.js';
import { queryText } from '../query-text.js';
import type { Command } from './command.js';
import { textField } from './setting-commands.js';

/** EXPLAIN shows the SQL that IRIS is given; a statement for the catalogs is explained by PostgreSQL. */
export const explainCommand: Command<'ExplainStmt'> = {
  describe: () => Promise.resolve({ parameterOids: [], fields: [textField('QUERY PLAN')] }),
  async run({ client, sql, contents, inner }) {
    for (const option of contents.options ?? []) {
      const { defname, arg } = as(option, 'DefElem') ?? {};
      const value = as(arg, 'String')?.sval;
      if (defname === 'analyze' && value !== 'off' && value !== 'false')
        throw notSupported('EXPLAIN ANALYZE');
      if (defname === 'format' && value !== 'text')
        throw notSupported('EXPLAIN with a format other than text');
    }
    const [parsed] = parseStatements(explainedStatement(sql));
    const statement = parsed === undefined ? undefined : await inner.compile(client, parsed, []);
    let lines: (string | null)[];
    if (statement?.kind === 'iris') {
      lines = statement.plan.irisSql.map((irisSql) => `IRIS SQL: ${irisSql}`);
    } else if (statement?.kind === 'oracle') {
      lines = (await queryText(client, sql, [])).map(([line]) => line ?? null);
    } else throw notSupported('EXPLAIN of this statement');
    return rowsOf(
      lines.map((line) => [line === null ? null : Buffer.from(line)]),
      () => 'EXPLAIN',
    );
  },
};

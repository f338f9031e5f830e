import type { IrisProcess } from '../../server/iris-process.js';
import type { CallArguments } from '../call-arguments.js';

/** A query that a class has, which `%SQL.Statement` runs by name. All its columns are texts. */
export interface ClassQuery {
  readonly columns: readonly string[];
  readonly rows: (process: IrisProcess, args: CallArguments) => Promise<readonly (readonly string[])[]>;
}

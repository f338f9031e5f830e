import type * as admin from './admin.js';
import type * as ddl from './ddl.js';
import type * as dml from './dml.js';
import type * as routine from './routine.js';
import type * as transaction from './transaction.js';

/** Everything that IRIS accepts as one statement, told apart by `kind`. */
export type Statement =
  | dml.SelectStatement
  | dml.InsertStatement
  | dml.UpdateStatement
  | dml.DeleteStatement
  | dml.TruncateStatement
  | ddl.CreateTableStatement
  | ddl.AlterTableStatement
  | ddl.DropTableStatement
  | ddl.CreateViewStatement
  | ddl.DropViewStatement
  | ddl.CreateIndexStatement
  | ddl.DropIndexStatement
  | ddl.CreateSchemaStatement
  | ddl.DropSchemaStatement
  | ddl.CreateDatabaseStatement
  | ddl.DropDatabaseStatement
  | ddl.UseDatabaseStatement
  | routine.CreateRoutineStatement
  | routine.DropRoutineStatement
  | routine.CreateTriggerStatement
  | routine.DropTriggerStatement
  | routine.CallStatement
  | routine.ReturnStatement
  | transaction.StartTransactionStatement
  | transaction.SetTransactionStatement
  | transaction.CommitStatement
  | transaction.RollbackStatement
  | transaction.SavepointStatement
  | transaction.InTransactionStatement
  | admin.CreateUserStatement
  | admin.AlterUserStatement
  | admin.CreateRoleStatement
  | admin.DropPrincipalStatement
  | admin.GrantStatement
  | admin.RevokeStatement
  | admin.CheckPrivilegeStatement
  | admin.SetOptionStatement
  | admin.LockTableStatement
  | admin.ExplainStatement
  | admin.TuneTableStatement
  | admin.CollectStatisticsStatement
  | admin.BuildIndexStatement
  | admin.MaintenanceStatement
  | admin.SchemaStatisticsStatement
  | admin.CancelQueryStatement
  | admin.DropExternalStatement
  | admin.CreateForeignTableStatement
  | admin.UnsupportedStatement
  | admin.CursorStatement;

/** What `parseStatement` gives. */
export interface ParsedStatement {
  readonly statement: Statement;
  /** Highest parameter index plus one. */
  readonly parameterCount: number;
}

import type { Condition } from './condition.js';
import type { Expression } from './expression.js';
import type { Identifier, Node, QualifiedName, TypeName } from './node.js';
import type { Statement } from './statement.js';

export type RoutineKind = 'PROCEDURE' | 'FUNCTION' | 'METHOD' | 'QUERY' | 'AGGREGATE';

export type RoutineLanguage = 'SQL' | 'OBJECTSCRIPT' | 'PYTHON' | 'JAVA' | 'DOTNET';

export interface CreateRoutineStatement extends Node {
  readonly kind: 'create-routine';
  readonly routine: RoutineKind;
  readonly orReplace: boolean;
  readonly name: QualifiedName;
  readonly parameters: readonly RoutineParameter[];
  readonly returns?: TypeName;
  readonly language: RoutineLanguage;
  /** Upper-case words with their text: FOR class, FINAL, PRIVATE, PROCEDURE, RESULT SETS n ... */
  readonly characteristics: readonly { readonly word: string; readonly value?: string }[];
  readonly body: RoutineBody;
}

export interface RoutineParameter extends Node {
  readonly mode: 'IN' | 'OUT' | 'INOUT';
  readonly name: Identifier;
  readonly type?: TypeName;
  readonly defaultValue?: Expression;
}

export type RoutineBody =
  /** `BEGIN s; s; END`, or one statement without BEGIN. Parameters of the routine appear as `:name`. */
  | { readonly kind: 'sql'; readonly statements: readonly Statement[]; readonly text: string }
  /** Between the braces: ObjectScript or Python. */
  | { readonly kind: 'code'; readonly text: string }
  /** CREATE AGGREGATE: its functions. */
  | {
      readonly kind: 'aggregate';
      readonly functions: readonly { readonly role: string; readonly name: string }[];
    };

export interface DropRoutineStatement extends Node {
  readonly kind: 'drop-routine';
  readonly routine: RoutineKind;
  readonly ifExists: boolean;
  readonly name: QualifiedName;
  readonly fromClass?: string;
}

export interface CreateTriggerStatement extends Node {
  readonly kind: 'create-trigger';
  readonly orReplace: boolean;
  readonly name: QualifiedName;
  readonly time: 'BEFORE' | 'AFTER' | 'INSTEAD OF';
  readonly events: readonly ('INSERT' | 'UPDATE' | 'DELETE')[];
  /** `UPDATE OF a, b`. */
  readonly updateOf: readonly Identifier[];
  readonly order: number;
  readonly table: QualifiedName;
  readonly forEach: 'ROW' | 'STATEMENT' | 'ROW_OBJECT';
  readonly language: RoutineLanguage;
  /** WHEN (condition); only with LANGUAGE SQL. */
  readonly when?: Condition;
  /** Alias -> which row. */
  readonly referencing: readonly { readonly row: 'OLD' | 'NEW'; readonly alias: Identifier }[];
  readonly body: RoutineBody;
}

export interface DropTriggerStatement extends Node {
  readonly kind: 'drop-trigger';
  readonly ifExists: boolean;
  readonly name: QualifiedName;
  readonly table?: QualifiedName;
}

/** `CALL p(1, ?)`, `?= CALL p()`. */
export interface CallStatement extends Node {
  readonly kind: 'call';
  readonly procedure: QualifiedName;
  readonly arguments: readonly Expression[];
  /** Positions of arguments that are left out, as in `p(, 1)`; there is a NULL for each. */
  readonly omitted: readonly number[];
  /** Index of the parameter that receives the return value: the `?` before `=`. */
  readonly returnParameter?: number;
}

/** `RETURN :x`: only in a routine's body. */
export interface ReturnStatement extends Node {
  readonly kind: 'return';
  readonly value: Expression;
}

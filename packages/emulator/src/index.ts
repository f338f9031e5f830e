export type {
  EngineParameter,
  EngineValue,
  ExecuteOptions,
  ParameterDescription,
  PreparedSql,
  SqlEngine,
  SqlOutcome,
  SqlSession,
} from './engine/engine.js';

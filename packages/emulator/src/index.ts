export { startEmulator } from './start-emulator.js';
export { startControlServer } from './faults/control-server.js';
export { EmulatorFaults } from './faults/emulator-faults.js';
export { DEFAULT_EMULATOR_LIMITS } from './server/limits.js';
export { startScriptedServer } from './scripted/scripted-server.js';

export type { ControlServer } from './faults/control-server.js';
export type {
  AnswerDelay,
  ConnectionDrop,
  FaultPlan,
  LoginRefusal,
  StatementFailure,
} from './faults/fault-plan.js';
export type { FaultTargets } from './faults/emulator-faults.js';
export type { Emulator, EmulatorUsers, RestartOptions, SqlHelperResult } from './emulator.js';
export type { EmulatorOptions } from './emulator-options.js';
export type { EmulatorLimits } from './server/limits.js';
export type { IrisVersion } from './server/iris-version.js';
export type { TlsOptions } from './server/listener.js';
export type { PageSize } from './server/row-page.js';
export type { FastSelectMode } from './server/server-settings.js';
export type { ExpectedRequest, ScriptedServer, ScriptStep } from './scripted/scripted-server.js';
export type { AuthenticatorOptions } from './users/authenticator.js';
export type { PasswordHash } from './users/password-hash.js';
export type { InitialUser } from './users/predefined-users.js';
export type { User, UserChanges } from './users/user.js';
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

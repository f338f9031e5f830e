import type { ProtocolLimits } from '@iris-devtools/protocol';
import type { FaultPlan } from '../faults/fault-plan.js';
import type { ClientSession } from './client-session.js';
import type { Instance } from './instance.js';
import type { ServerSettings } from './server-settings.js';

/** What every connection of a listener knows. */
export interface ServerContext {
  readonly instance: Instance;
  readonly settings: ServerSettings;
  readonly codecLimits: ProtocolLimits;
  readonly faults: FaultPlan;
  /** Clients that are logged in. */
  readonly sessions: Set<ClientSession>;
}

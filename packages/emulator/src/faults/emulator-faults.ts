import type { Clock } from '@iris-devtools/core';
import { FaultPlan } from './fault-plan.js';

/** What faults need from the running server. */
export interface FaultTargets {
  /** Makes every connected client's prepared statements unknown. */
  loseStatements(): void;
  dropConnections(): Promise<void>;
  expirePassword(user: string): Promise<void>;
}

/** Everything that can be made to go wrong. */
export class EmulatorFaults extends FaultPlan {
  readonly #targets: FaultTargets;

  constructor(targets: FaultTargets, clock: Clock) {
    super(clock);
    this.#targets = targets;
  }

  /** The next execution by id of what is prepared now is answered with status 404. */
  loseStatements(): void {
    this.#targets.loseStatements();
  }

  /** Cuts every connection, in the middle of whatever it does. */
  async dropConnections(): Promise<void> {
    await this.#targets.dropConnections();
  }

  /** The user's next login is refused until the password is changed. @throws IrisError IRIS_STATE without such a user */
  async expirePassword(user: string): Promise<void> {
    await this.#targets.expirePassword(user);
  }
}

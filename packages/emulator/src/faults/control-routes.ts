import { IrisError } from '@iris-devtools/core';
import { kindOfName } from './message-kinds.js';
import type { Emulator } from '../emulator.js';

/** A JSON object that a caller sent, read field by field. */
export class ControlBody {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  /** @throws IrisError IRIS_OPTION when the field is there and of another type */
  number<Name extends string>(name: Name): { readonly [N in Name]?: number } {
    return this.#typed(name, 'number') as { readonly [N in Name]?: number };
  }

  text<Name extends string>(name: Name): { readonly [N in Name]?: string } {
    return this.#typed(name, 'string') as { readonly [N in Name]?: string };
  }

  flag<Name extends string>(name: Name): { readonly [N in Name]?: boolean } {
    return this.#typed(name, 'boolean') as { readonly [N in Name]?: boolean };
  }

  requiredNumber(name: string): number {
    return required(name, this.number(name)[name]);
  }

  requiredText(name: string): string {
    return required(name, this.text(name)[name]);
  }

  list(name: string): readonly string[] | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((element) => typeof element === 'string')) return value;
    throw wrongField(name, 'a list of strings');
  }

  /** @throws IrisError IRIS_OPTION for a field that the route does not know */
  expectOnly(names: readonly string[]): void {
    const unknown = Object.keys(this.#fields).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new IrisError(`There is no field ${JSON.stringify(unknown)}`, {
        code: 'IRIS_OPTION',
        hint: names.length === 0 ? 'This request takes no fields.' : `Fields: ${names.join(', ')}.`,
      });
    }
  }

  #typed(name: string, type: 'number' | 'string' | 'boolean'): Readonly<Record<string, unknown>> {
    const value = this.#fields[name];
    if (value === undefined) return {};
    if (typeof value !== type) throw wrongField(name, `a ${type}`);
    return { [name]: value };
  }
}

export interface ControlRoute {
  /** Names of the fields that the body may have. */
  readonly fields: readonly string[];
  run(emulator: Emulator, body: ControlBody): unknown;
}

/** What the control port can do, by path. All are POST requests but `/status`. */
export const CONTROL_ROUTES: Readonly<Record<string, ControlRoute>> = {
  '/faults/refuse-logins': {
    fields: ['text', 'count'],
    run: ({ faults }, body) => {
      faults.refuseLogins({ ...body.text('text'), ...body.number('count') });
    },
  },
  '/faults/expire-password': {
    fields: ['user'],
    run: ({ faults }, body) => faults.expirePassword(body.requiredText('user')),
  },
  '/faults/delay-answers': {
    fields: ['delayMs', 'kinds', 'count'],
    run: ({ faults }, body) => {
      const kinds = body.list('kinds')?.map(kindOfName);
      const delayMs = body.requiredNumber('delayMs');
      faults.delayAnswers({ delayMs, ...(kinds === undefined ? {} : { kinds }), ...body.number('count') });
    },
  },
  '/faults/fail-statement': {
    fields: ['nth', 'sqlcode', 'message', 'count'],
    run: ({ faults }, body) => {
      const { nth = 1 } = body.number('nth');
      faults.failStatement({
        nth,
        sqlcode: body.requiredNumber('sqlcode'),
        ...body.text('message'),
        ...body.number('count'),
      });
    },
  },
  '/faults/drop-connection': {
    fields: ['afterBytes', 'count'],
    run: ({ faults }, body) => {
      faults.dropConnection({ afterBytes: body.requiredNumber('afterBytes'), ...body.number('count') });
    },
  },
  '/faults/drop-connections': { fields: [], run: ({ faults }) => faults.dropConnections() },
  '/faults/lose-statements': {
    fields: [],
    run: ({ faults }) => {
      faults.loseStatements();
    },
  },
  '/faults/clear': {
    fields: [],
    run: ({ faults }) => {
      faults.clear();
    },
  },
  '/restart': {
    fields: ['loseData'],
    run: (emulator, body) => emulator.restart(body.flag('loseData')),
  },
  '/users/unexpire': {
    fields: ['user'],
    run: async ({ users }, body) => ({ changed: await users.unexpire(body.text('user').user ?? '*') }),
  },
};

function required<T>(name: string, value: T | undefined): T {
  if (value === undefined) {
    throw new IrisError(`The field ${JSON.stringify(name)} is missing`, { code: 'IRIS_OPTION' });
  }
  return value;
}

function wrongField(name: string, wanted: string): IrisError {
  return new IrisError(`The field ${JSON.stringify(name)} must be ${wanted}`, { code: 'IRIS_OPTION' });
}

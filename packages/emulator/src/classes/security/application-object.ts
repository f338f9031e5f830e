import { textOf } from '../../globals/native-value.js';
import { serverObject } from '../class-definition.js';
import { listOfDataClass } from '../library/list-of-data.js';
import { nativeError } from '../native-error.js';
import { errorStatus, STATUS_CODE } from '../status.js';
import { createRecord, DEFAULTS, putRecord } from './application-record.js';
import { isAdministrator } from './privilege.js';
import type { SecurityRecord } from '../../server/security-settings.js';
import type { NativeValue } from '../../globals/native-value.js';
import type { IrisProcess } from '../../server/iris-process.js';
import type { ClassDefinition, ClassMethod, InstanceMethod, Property } from '../class-definition.js';

/** An application as an object: changed property by property, stored as a whole by `%Save`. */
export interface ApplicationObject {
  name: string;
  isStored: boolean;
  readonly values: Record<string, string>;
  readonly matchRoles: string[];
}

type Definition = () => ClassDefinition<ApplicationObject>;

export function objectClassMethods(definition: Definition): Readonly<Record<string, ClassMethod>> {
  const add = (process: IrisProcess, object: ApplicationObject): NativeValue =>
    process.objects.add(serverObject(definition(), object));
  return {
    '%New': (process) => add(process, objectOf('', DEFAULTS, false)),
    /** The id is the name in small letters; `''` when there is none, or the user may not see it. */
    '%OpenId': (process, args) => {
      const name = args.text(0);
      const record =
        name === name.toLowerCase() && isAdministrator(process)
          ? process.instance.security.application(name)
          : undefined;
      return record === undefined ? '' : add(process, objectOf(name, record, true));
    },
  };
}

export const objectMethods: Readonly<Record<string, InstanceMethod<ApplicationObject>>> = {
  '%Save': async (object, process) => {
    if (!isAdministrator(process)) {
      return errorStatus(STATUS_CODE.insufficientPrivilege, 'Operation requires %Admin_Secure:USE privilege');
    }
    const { security } = process.instance;
    const values = Object.entries({ ...object.values, MatchRoles: object.matchRoles.join(',') });
    const status = object.isStored
      ? await putRecord(security, object.name, DEFAULTS, values)
      : await createRecord(security, object.name, values);
    if (status === 1) object.isStored = true;
    return status;
  },
};

export const objectProperties: Readonly<Record<string, Property<ApplicationObject>>> = {
  ...Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, textProperty(name)])),
  Name: {
    get: (object) => object.name,
    set: (object, value) => {
      if (object.isStored) throw nativeError('CANNOT SET THIS PROPERTY', 'Name,Security.Applications');
      object.name = textOf(value);
    },
  },
  /** A list of `Match:Target:Target`; `:Target` is for everyone. */
  MatchRoles: {
    get: (object, process) => process.objects.add(serverObject(listOfDataClass, object.matchRoles)),
  },
};

function textProperty(name: string): Property<ApplicationObject> {
  return {
    get: (object) => object.values[name] ?? '',
    set: (object, value) => {
      object.values[name] = textOf(value);
    },
  };
}

function objectOf(name: string, record: SecurityRecord, isStored: boolean): ApplicationObject {
  const { MatchRoles = '', ...values } = record;
  return { name, isStored, values, matchRoles: MatchRoles.split(',').filter((rule) => rule !== '') };
}

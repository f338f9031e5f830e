import { ALL_ROLE } from '../../users/user.js';
import { errorStatus, STATUS_CODE } from '../status.js';
import type { NativeValue } from '../../globals/native-value.js';
import type { IrisProcess } from '../../server/iris-process.js';
import type { CallArguments } from '../call-arguments.js';
import type { ClassMethod } from '../class-definition.js';

const ADMINISTRATOR_ROLES = [ALL_ROLE, '%Manager'];

export function isAdministrator({ user }: IrisProcess): boolean {
  return user.roles.some((role) => ADMINISTRATOR_ROLES.includes(role));
}

type Method = (process: IrisProcess, args: CallArguments) => NativeValue | Promise<NativeValue>;

/**
 * A method that needs `%Admin_Secure:USE`.
 * unverified on a live server: the text and number of the refusal.
 */
export function administratorOnly(method: Method): ClassMethod {
  return (process, args) => {
    if (isAdministrator(process)) return method(process, args);
    return errorStatus(STATUS_CODE.insufficientPrivilege, 'Operation requires %Admin_Secure:USE privilege');
  };
}

import { encodeList } from '@iris-devtools/protocol';

/** %Status of success. */
export const STATUS_OK = 1;

/** Codes of IRIS's error table that the emulator's classes answer with. */
export const STATUS_CODE = {
  generalError: 5001,
  fileInaccessible: 5005,
  sqlCode: 5521,
  userMissing: 838,
  userExists: 837,
  serviceMissing: 839,
  applicationExists: 851,
  applicationMissing: 852,
  insufficientPrivilege: 921,
  namespaceMissing: 403,
  namespaceExists: 404,
} as const;

/**
 * %Status of a failure: `0 ` and a list of errors, each a list of code and text.
 * unverified on a live server: the elements after the text, and the numbers of the Security codes.
 */
export function errorStatus(code: number, text: string): string {
  return `0 ${encodeList([encodeList([code, text])]).toString('latin1')}`;
}

/**
 * Names of all function codes that are known (nDPI iris.c, go-irisnative), so that one whose payload is not known can be refused
 * by name. Two letters, or four hex digits for native requests.
 */
export const FUNCTION_NAMES: Readonly<Record<string, string>> = {
  HS: 'handshake',
  CN: 'connect',
  DC: 'disconnect',
  PG: 'ping',
  P2: 'ping two',
  RN: 'reset connection',
  CI: 'get IRIS info',
  EI: 'external interrupt',
  OE: 'server error text',
  '2F': 'send two-factor token',
  '2E': 'is two-factor enabled',
  GI: 'gateway init',
  Y9: 'java object created',
  B0: 'native init',
  PP: 'prepare',
  PD: 'prepare dialect',
  DD: 'direct execute dialect',
  DQ: 'direct query',
  DU: 'direct update',
  PQ: 'prepared query execute',
  PU: 'prepared update execute',
  FD: 'fetch data',
  CC: 'close cursor',
  CU: 'close statement',
  EB: 'execute statement batch',
  PB: 'query prefetch size',
  GG: 'auto-generated keys',
  UC: 'update cache',
  CV: 'compare timestamp',
  EX: 'execute static cursor',
  DX: 'direct static cursor',
  FX: 'fetch static cursor',
  DS: 'procedure direct',
  SP: 'procedure prepare',
  SU: 'procedure update execute',
  SQ: 'procedure query execute',
  SF: 'procedure fetch',
  MS: 'execute multiple result sets',
  MD: 'multiple-result fetch',
  MR: 'get more results',
  FR: 'result-set object',
  TC: 'commit',
  TR: 'rollback',
  AN: 'autocommit on',
  AF: 'autocommit off',
  IL: 'isolation level',
  IT: 'in transaction',
  RU: 'read uncommitted',
  RC: 'read committed',
  TS: 'toggle synchronous commit',
  SS: 'stream size',
  JS: 'stream read',
  RS: 'stream retrieve',
  AS: 'stream read ODBC',
  OS: 'stream open',
  SB: 'store binary stream',
  SM: 'store character stream',
  GB: 'stream get bytes',
  SZ: 'stream set bytes',
  SX: 'stream truncate',
  GP: 'stream get position',
  CS: 'stream close',
  SR: 'stream release read lock',
  SN: 'stream prefetch size',
  BR: 'best row id',
  CA: 'catalogs',
  CP: 'column privileges',
  CO: 'columns',
  CR: 'cross reference',
  EK: 'exported keys',
  IK: 'imported keys',
  II: 'index info',
  PK: 'primary keys',
  PC: 'procedure columns',
  PR: 'procedures',
  SC: 'schemas',
  TP: 'table privileges',
  TA: 'tables',
  TT: 'table types',
  TI: 'type info',
  VC: 'version columns',
  UT: 'user-defined types',
  SY: 'super types',
  SL: 'super tables',
  AT: 'attributes',
  FC: 'function columns',
  FN: 'functions',
  CF: 'client-info property get',
  CG: 'client-info property set',
  CH: 'pseudo columns',
  GS: 'get schema',
  '41C2': 'global get',
  '42C2': 'global set',
  '43C2': 'global kill',
  '45C2': 'global order',
  '46C2': 'global increment',
  '48C2': 'function',
  '49C2': 'global data',
  '4BC2': 'class method value',
  '4CC2': 'class method void',
  '4EC2': 'lock',
  '4FC2': 'unlock',
  '50C2': 'release all locks',
  '51C2': 'tstart',
  '52C2': 'tcommit',
  '53C2': 'trollback',
  '54C2': 'trollback one level',
  '55C2': 'transaction level',
  '5AC2': 'procedure',
  '5BC2': 'instance method value',
  '5CC2': 'instance method void',
  '5DC2': 'property get',
  '5EC2': 'property set',
};

const NATIVE_CODE = /^[0-9A-F]{2}C2$/;

/** The header's u16 for a code of {@link FUNCTION_NAMES}: its first byte is the low one. */
export function functionCode(code: string): number {
  const bytes = NATIVE_CODE.test(code) ? Buffer.from(code, 'hex') : Buffer.from(code, 'latin1');
  return bytes.readUInt16LE(0);
}

/** `DQ` or `41C2` for a header's u16. */
export function functionCodeText(code: number): string {
  const bytes = Buffer.from([code & 0xff, code >> 8]);
  if (bytes[1] === 0xc2) return bytes.toString('hex').toUpperCase();
  const text = bytes.toString('latin1');
  return /^[!-~]{2}$/.test(text) ? text : bytes.toString('hex').toUpperCase();
}

/** `direct query` for a header's u16; `undefined` when no source knows the code. */
export function functionCodeName(code: number): string | undefined {
  const text = functionCodeText(code);
  return Object.hasOwn(FUNCTION_NAMES, text) ? FUNCTION_NAMES[text] : undefined;
}

import { BlockList, isIP, isIPv6 } from 'node:net';
import { IrisError } from '@iris-devtools/core';
import { PgError } from '../pg-error.js';

/**
 * - `scram-sha-256`: against the stored verifiers (-PLUS is offered over TLS).
 * - `iris-password`: the password goes to IRIS's own login, so it is only asked for over TLS.
 * - `cert`: a client certificate whose common name is the user.
 * - `trust`: whoever asks is believed; loopback addresses only.
 * - `reject`: never.
 */
export type AuthMethod = 'scram-sha-256' | 'iris-password' | 'cert' | 'trust' | 'reject';

/** One line of what pg_hba.conf is for PostgreSQL: the first rule that matches decides, and no match means no entry. */
export interface AccessRule {
  /** `host` (default): with or without TLS. */
  readonly connection?: 'host' | 'hostssl' | 'hostnossl';
  /** Default `all`. */
  readonly databases?: 'all' | readonly string[];
  /** Default `all`. */
  readonly users?: 'all' | readonly string[];
  /** Addresses or networks, `10.0.0.0/8`, `::1`; default `all`. */
  readonly addresses?: 'all' | readonly string[];
  readonly method: AuthMethod;
}

export interface ConnectionFacts {
  readonly address: string;
  readonly encrypted: boolean;
  readonly database: string;
  readonly user: string;
}

/** Finds the method for a connection. @throws PgError 28000 when no rule matches, or when one rejects */
export type AccessRules = (facts: ConnectionFacts) => Exclude<AuthMethod, 'reject'>;

/** @throws IrisError IRIS_OPTION for a rule that could never be meant */
export function compileAccessRules(rules: readonly AccessRule[]): AccessRules {
  const compiled = rules.map((rule) => ({ rule, covers: compileAddresses(rule) }));
  return (facts) => {
    const match = compiled.find(
      ({ rule, covers }) =>
        (rule.connection === undefined ||
          rule.connection === 'host' ||
          (rule.connection === 'hostssl') === facts.encrypted) &&
        includes(rule.databases, facts.database) &&
        includes(rule.users, facts.user) &&
        covers(facts.address),
    );
    if (match === undefined) throw noEntry('no pg_hba.conf entry for', facts);
    if (match.rule.method === 'reject') throw noEntry('pg_hba.conf rejects connection for', facts);
    return match.rule.method;
  };
}

function includes(allowed: 'all' | readonly string[] | undefined, name: string): boolean {
  return allowed === undefined || allowed === 'all' || allowed.includes(name);
}

function compileAddresses(rule: AccessRule): (address: string) => boolean {
  if (rule.method === 'trust') requireLoopback(rule);
  if (rule.addresses === undefined || rule.addresses === 'all') return () => true;
  const list = new BlockList();
  for (const entry of rule.addresses) {
    const { network, prefix, family } = parseNetwork(entry);
    list.addSubnet(network, prefix, family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function parseNetwork(entry: string) {
  const [network = '', prefixText, ...rest] = entry.split('/');
  const version = isIP(network);
  const widest = version === 6 ? 128 : 32;
  const prefix = prefixText === undefined ? widest : Number(prefixText);
  if (version === 0 || rest.length > 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > widest) {
    throw new IrisError(`Access rule: ${JSON.stringify(entry)} is not an address or network`, {
      code: 'IRIS_OPTION',
      hint: 'Write 10.1.2.3, 10.0.0.0/8, ::1 or fd00::/8.',
    });
  }
  return { network, prefix, family: version === 6 ? ('ipv6' as const) : ('ipv4' as const) };
}

function requireLoopback(rule: AccessRule): void {
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  const addresses = rule.addresses === 'all' ? [] : (rule.addresses ?? []);
  const safe = addresses.every((entry) => {
    const { network, prefix, family } = parseNetwork(entry);
    return loopback.check(network, family) && prefix >= (family === 'ipv4' ? 8 : 128);
  });
  if (safe && addresses.length > 0) return;
  throw new IrisError('Access rule: trust is allowed for loopback addresses only', {
    code: 'IRIS_OPTION',
    hint: "Give addresses: ['127.0.0.0/8', '::1'] or use the method scram-sha-256.",
  });
}

function noEntry(what: string, facts: ConnectionFacts): PgError {
  const encryption = facts.encrypted ? 'SSL encryption' : 'no encryption';
  return new PgError({
    severity: 'FATAL',
    sqlstate: '28000',
    message: `${what} host "${facts.address}", user "${facts.user}", database "${facts.database}", ${encryption}`,
  });
}

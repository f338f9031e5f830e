import { describe, expect, it } from '@jest/globals';
import { compileAccessRules } from '../../src/auth/access-rule.js';

const facts = { address: '10.1.2.3', encrypted: false, database: 'iris', user: 'ann' };

describe('access rules', () => {
  it('refuse whom no rule names', () => {
    expect(() => compileAccessRules([])(facts)).toThrow(
      expect.objectContaining({
        sqlstate: '28000',
        message: 'no pg_hba.conf entry for host "10.1.2.3", user "ann", database "iris", no encryption',
      }),
    );
  });

  it('take the first rule that matches', () => {
    const rules = compileAccessRules([
      { users: ['bob'], method: 'reject' },
      { addresses: ['10.0.0.0/8'], method: 'scram-sha-256' },
      { method: 'reject' },
    ]);
    expect(rules(facts)).toBe('scram-sha-256');
    expect(() => rules({ ...facts, user: 'bob' })).toThrow('pg_hba.conf rejects connection');
    expect(() => rules({ ...facts, address: '11.0.0.1' })).toThrow('pg_hba.conf rejects connection');
  });

  it('tell encrypted connections from others', () => {
    const rules = compileAccessRules([{ connection: 'hostssl', method: 'scram-sha-256' }]);
    expect(rules({ ...facts, encrypted: true })).toBe('scram-sha-256');
    expect(() => rules(facts)).toThrow('no encryption');
    const open = compileAccessRules([{ connection: 'hostnossl', method: 'scram-sha-256' }]);
    expect(open(facts)).toBe('scram-sha-256');
    expect(() => open({ ...facts, encrypted: true })).toThrow('SSL encryption');
  });

  it('match networks of IPv6, too', () => {
    const rules = compileAccessRules([{ addresses: ['fd00::/8'], method: 'scram-sha-256' }]);
    expect(rules({ ...facts, address: 'fd12::1' })).toBe('scram-sha-256');
    expect(() => rules(facts)).toThrow('no pg_hba.conf entry');
  });

  it.each([[undefined], ['all' as const], [['0.0.0.0/0']], [['10.0.0.1']], [['127.0.0.0/7']], [['::1/64']]])(
    'never trust beyond loopback: %j',
    (addresses) => {
      const rule = { method: 'trust' as const, ...(addresses === undefined ? {} : { addresses }) };
      expect(() => compileAccessRules([rule])).toThrow('trust is allowed for loopback addresses only');
    },
  );

  it('trust loopback when asked', () => {
    const rules = compileAccessRules([{ method: 'trust', addresses: ['127.0.0.0/8', '::1'] }]);
    expect(rules({ ...facts, address: '127.0.0.1' })).toBe('trust');
    expect(() => rules(facts)).toThrow('no pg_hba.conf entry');
  });

  it.each(['10.0.0.0/33', 'localhost', '10.0.0.0/8/8', '10.0.0.0/x'])('refuse the network %j', (entry) => {
    expect(() => compileAccessRules([{ addresses: [entry], method: 'reject' }])).toThrow(
      'is not an address or network',
    );
  });
});

import { PgError } from '../pg-error.js';

/** 08P01. The stream can no longer be trusted, so the connection ends (severity FATAL). */
export function protocolViolation(message: string, detail?: string): PgError {
  return new PgError({ severity: 'FATAL', sqlstate: '08P01', message, detail });
}

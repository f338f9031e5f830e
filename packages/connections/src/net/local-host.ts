const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/** Is it this machine, by its name alone? Other names of this machine count as another one: better safe. */
export const isLocalHost = (host: string): boolean => LOOPBACK.test(host);

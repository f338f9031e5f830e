export interface TerminalBehaviour {
  /** What `iris qlist` prints. */
  readonly qlist: () => string;
  /** Security.Users.UnExpireUserPasswords: how many users it concerned. */
  readonly unexpire: (user: string) => Promise<number>;
  /** Default `IRIS`. */
  readonly instance?: string;
}

export function serveTerminal(
  socketPath: string,
  behaviour: TerminalBehaviour,
): Promise<{ close(): Promise<void> }>;

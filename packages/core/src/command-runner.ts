/** What a command did. Output is text; bytes that are not UTF-8 are replaced. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Text for standard input; the stream is closed after it. */
  readonly stdin?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** User inside a container; ignored where there is none to choose. */
  readonly user?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** `true`: a non-zero exit code is a result. Default: it is an `IrisError` with code `IRIS_COMMAND_FAILED`. */
  readonly allowFailure?: boolean;
  readonly onStdout?: (chunk: string) => void;
  readonly onStderr?: (chunk: string) => void;
}

/** Runs commands where IRIS is: on this machine or in a container. Arguments are never given to a shell. */
export interface CommandRunner {
  run(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
}

/** A command runner that can also move files: what a deployment needs. */
export interface DeployTarget extends CommandRunner {
  readonly name: string;
  /** Copies one file or a whole directory to an absolute path on the target, creating parents. */
  copyTo(localPath: string, remotePath: string): Promise<void>;
  readFile(remotePath: string): Promise<Uint8Array>;
  exists(remotePath: string): Promise<boolean>;
  /** Removes a file or a directory with its contents; a missing path is no error. */
  remove(remotePath: string): Promise<void>;
  /** Base of URLs that the web server answers on, e.g. `http://127.0.0.1:52773`. */
  readonly webUrl: string | undefined;
}

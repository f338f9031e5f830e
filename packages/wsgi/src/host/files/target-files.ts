/** Files where IRIS is, with or without a shell there. Paths are absolute; what fails is an IrisError naming the path. */
export interface TargetFiles {
  /** Copies one file, or a whole directory, creating parents. */
  copyTo(localPath: string, path: string): Promise<void>;
  /** Creates a directory and its parents. @returns false when it was there: of two callers one gets true. */
  makeDirectory(path: string): Promise<boolean>;
  write(path: string, text: string): Promise<void>;
  /** At most `maxBytes` from `fromByte` on; empty when there is no such file. */
  read(path: string, fromByte: number, maxBytes: number): Promise<Buffer>;
  /** 0 when there is no such file. */
  sizeBytes(path: string): Promise<number>;
  /** By the clock of the target; `undefined` when it is not there. */
  modifiedSeconds(path: string): Promise<number | undefined>;
  exists(path: string): Promise<boolean>;
  /** Names in a directory; none when it is not there. */
  list(directory: string): Promise<string[]>;
  rename(from: string, to: string): Promise<void>;
  /** A file, or a directory with what is in it; a missing one is no error. */
  remove(path: string): Promise<void>;
  /** Gives text as a file grows, beginning with its last lines, until aborted. */
  follow(path: string, onText: (text: string) => void, signal: AbortSignal): Promise<void>;
}

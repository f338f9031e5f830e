/** Entries that fail knowingly, with the reason. Only entries of low confidence may stand here. */
export const KNOWN_EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  [
    'misc-018',
    'LOAD DATA needs an external Java server; without one IRIS itself ends with -219, and so does the emulator',
  ],
]);

import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { IrisError } from '@iris-devtools/core';
import type { Source } from '../source.js';

const FILE_NAME = 'iris.key';

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** The licence key of a container that is to be started: `iris.key` in the working directory, then in the home directory. */
export const licenceKey: Source = {
  name: 'licence key file',
  findsServer: false,
  async find({ cwd, env }) {
    const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
    for (const directory of [cwd, home]) {
      const file = path.join(directory, FILE_NAME);
      if (!(await isFile(file))) continue;
      return {
        settings: { licenseKeyFile: file },
        describe: () =>
          directory === cwd ? `${FILE_NAME} in this directory` : `${FILE_NAME} in the home directory`,
      };
    }
    return null;
  },
};

/**
 * A key file that somebody named must be there: engines mount a missing one as an empty directory.
 * @throws IrisError IRIS_OPTION
 */
export async function checkLicenceKey(file: string, cwd: string, source: string): Promise<string> {
  if (/[\r\n]|\[ConfigFile\]/i.test(file)) {
    throw new IrisError(`licenseKeyFile (from ${source}) holds the text of a key`, {
      code: 'IRIS_OPTION',
      hint: `Save the key as ${FILE_NAME} and give the path of that file.`,
      details: { option: 'licenseKeyFile', source },
    });
  }
  const whole = path.resolve(cwd, file);
  if (await isFile(whole)) return whole;
  throw new IrisError(`The licence key file ${file} (licenseKeyFile from ${source}) is no file`, {
    code: 'IRIS_OPTION',
    hint: `Give the path of an ${FILE_NAME} that can be read.`,
    details: { option: 'licenseKeyFile', source },
  });
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'dotenv';
import type { Source } from '../source.js';
import { findInVariables } from './environment.js';

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** `.env` of the working directory. It is read, never loaded into `process.env`. */
export const dotenv: Source = {
  name: '.env',
  findsServer: false,
  async find({ cwd }) {
    const text = await readIfThere(path.join(cwd, '.env'));
    return text === null ? null : findInVariables(parse(text), '.env variable');
  },
};

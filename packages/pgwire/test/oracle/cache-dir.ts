import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Kept between test files and runs; what is in it is named after what it was made from. */
export const CACHE_DIR = join(tmpdir(), 'iris-devtools-catalog-cache');

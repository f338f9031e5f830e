import { capture } from './capture.mjs';

/** Runs npm: the one that started this script, or the one on the path. */
export function npm(args, options) {
  const cli = process.env.npm_execpath;
  return cli ? capture(process.execPath, [cli, ...args], options) : capture('npm', args, options);
}

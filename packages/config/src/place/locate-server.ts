import type { CommandRunner } from '@iris-devtools/core';
import { bindings, listContainers, type ListContainers } from '../sources/containers.js';
import { parseQlist, runQlist, type RunQlist } from '../sources/local-instances.js';
import { ContainerRunner } from './container-runner.js';
import { LocalRunner } from './run-program.js';

/** Where a server of this machine runs, and how to run commands beside it. */
export interface ServerPlace {
  /** For people: `container iris-1` or `local instance IRIS`. */
  readonly name: string;
  readonly runner: CommandRunner;
  /** Name of the instance for `iris session`; absent in a container, whose image names it. */
  readonly instance: string | undefined;
}

export interface LocateOptions {
  readonly list?: ListContainers;
  readonly qlist?: RunQlist;
  readonly signal?: AbortSignal;
}

const LOOPBACKS = ['127.0.0.1', '::1'];

/** Is this what a client of `host` reaches? An address to listen on (`0.0.0.0`) stands for the loopback of its family. */
function answersFor(host: string, address: string): boolean {
  return host.toLowerCase() === 'localhost' ? LOOPBACKS.includes(address) : host === address;
}

/**
 * Looks which container or local instance of this machine serves a port; `null` when none does, or more than one could.
 * Nothing is guessed: the engine or `iris qlist` must name exactly this port.
 */
export async function locateServer(
  { host, port }: { readonly host: string; readonly port: number },
  { list = listContainers, qlist = runQlist, signal }: LocateOptions = {},
): Promise<ServerPlace | null> {
  const containers = ((await list(signal)) ?? []).filter((container) =>
    bindings(container).some((binding) => binding.port === port && answersFor(host, binding.host)),
  );
  const output = (await qlist(process.env)) ?? '';
  const instances = parseQlist(output).filter((instance) => instance.running && instance.port === port);
  if (containers.length + instances.length !== 1) return null;
  const [container] = containers;
  if (container !== undefined) {
    const name = `container ${(container.Names[0] ?? container.Id.slice(0, 12)).replace(/^\//, '')}`;
    return { name, runner: new ContainerRunner(container.Id), instance: undefined };
  }
  const name = instances[0]?.name ?? '';
  return { name: `local instance ${name}`, runner: new LocalRunner(), instance: name };
}

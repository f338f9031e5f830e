import path from 'node:path';
import { IrisError } from '@iris-devtools/core';
import { askEngine } from '../place/engine.js';
import type { Finding, Source, SourceContext } from '../source.js';

/** The SuperServer's port inside every container; only the published side varies. */
const SUPERSERVER_PORT = 1972;
const COMPOSE_DIRECTORY = 'com.docker.compose.project.working_dir';
const MAX_CONTAINERS = 1000;

/** What the engine's `GET /containers/json` says of one container (Docker Engine API, ContainerSummary). */
export interface ContainerSummary {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Ports?: readonly {
    readonly IP?: string;
    readonly PrivatePort: number;
    readonly PublicPort?: number;
    readonly Type: string;
  }[];
}

/** Lists running containers; `null` when no engine answers. */
export type ListContainers = (signal: AbortSignal | undefined) => Promise<readonly ContainerSummary[] | null>;

/** Asks the engine that `DOCKER_HOST` or the platform's default names. */
export const listContainers: ListContainers = async (signal) => {
  try {
    const request = { path: '/containers/json', method: 'GET', statusCodes: { 200: true } };
    const answer = await askEngine(request, signal);
    return Array.isArray(answer) ? (answer.slice(0, MAX_CONTAINERS) as ContainerSummary[]) : null;
  } catch {
    return null;
  }
};

interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly composeDirectory: string | undefined;
}

/** `0.0.0.0` and `::` are addresses to listen on; a client on this machine uses the loopback of that family. */
function reachable(address: string | undefined): string {
  if (address === undefined || address === '' || address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}

/** Where the SuperServer of a container is reached from this machine: one binding for each address family. */
export function bindings(container: ContainerSummary): { readonly host: string; readonly port: number }[] {
  return (container.Ports ?? []).flatMap(({ PrivatePort, PublicPort, Type, IP }) =>
    PrivatePort === SUPERSERVER_PORT && PublicPort !== undefined && Type === 'tcp'
      ? [{ host: reachable(IP), port: PublicPort }]
      : [],
  );
}

function candidateOf(container: ContainerSummary): Candidate | null {
  const published = bindings(container);
  // IPv4 first, since `localhost` often means ::1 without a listener.
  const best = published.find(({ host }) => !host.includes(':')) ?? published[0];
  if (best === undefined) return null;
  return {
    id: container.Id,
    name: (container.Names[0] ?? container.Id.slice(0, 12)).replace(/^\//, ''),
    ...best,
    composeDirectory: container.Labels?.[COMPOSE_DIRECTORY],
  };
}

function chosenByName(candidates: readonly Candidate[], wanted: string): Candidate {
  const found = candidates.find(
    ({ id, name }) => name === wanted || id === wanted || (wanted.length >= 12 && id.startsWith(wanted)),
  );
  if (found !== undefined) return found;
  throw new IrisError(
    `No running container named ${JSON.stringify(wanted)} publishes port ${SUPERSERVER_PORT}`,
    {
      code: 'IRIS_OPTION',
      hint:
        candidates.length === 0
          ? 'No container publishes it; start one with -p 1972 (names are compared exactly).'
          : `Containers that do: ${candidates.map(({ name }) => name).join(', ')} (names are compared exactly).`,
      details: { option: 'container' },
    },
  );
}

function onlyOne(candidates: readonly Candidate[], cwd: string): Candidate | null {
  const inProject = candidates.filter(
    ({ composeDirectory }) => composeDirectory !== undefined && path.resolve(composeDirectory) === cwd,
  );
  const matching = inProject.length > 0 ? inProject : candidates;
  if (matching.length <= 1) return matching[0] ?? null;
  throw new IrisError(`${matching.length} running containers publish port ${SUPERSERVER_PORT}`, {
    code: 'IRIS_OPTION',
    hint: `Choose one with IRIS_CONTAINER_NAME or the setting "container": ${matching
      .map(({ name, host, port }) => `${name} (${host}:${port})`)
      .join(', ')}.`,
    details: { candidates: matching.map(({ name }) => name) },
  });
}

/** Running containers, through the engine's API: exact names, any address family, this directory's compose project first. */
export function containers(list: ListContainers = listContainers): Source {
  return {
    name: 'containers',
    findsServer: true,
    async find({ cwd, known, signal }: SourceContext): Promise<Finding | null> {
      const wanted = typeof known.container === 'string' ? known.container : undefined;
      const listed = await list(signal);
      if (listed === null) {
        if (wanted === undefined) return null;
        throw new IrisError('No container engine answers', {
          code: 'IRIS_OPTION',
          hint: 'Start Docker or Podman, set DOCKER_HOST, or remove the setting "container".',
          details: { option: 'container' },
        });
      }
      const candidates = listed.flatMap((container) => candidateOf(container) ?? []);
      const chosen = wanted === undefined ? onlyOne(candidates, cwd) : chosenByName(candidates, wanted);
      if (chosen === null) return null;
      return {
        settings: { host: chosen.host, port: chosen.port },
        describe: () => `container inspection (${chosen.name})`,
      };
    },
  };
}

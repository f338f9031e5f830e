import { EXIT, writeJson } from '@iris-devtools/ipm/cli';
import type { ExitCode, Terminal } from '@iris-devtools/ipm/cli';
import type { DeploymentPlan, DeploymentResult } from '../deployment/results.js';
import type { FoundApplication } from '../source/find-applications.js';
import { applicationsIn, deploymentOf, existingDeployment, healthOf } from './deployment-of.js';
import type { ApplicationFlags, LoginFlags, SourceFlags } from './flags.js';
import type { CliContext } from './cli-context.js';
import { writeWarnings } from './cli-context.js';

/** What a framework needs that a deployment does not do. */
const NOTES: Readonly<Record<string, readonly string[]>> = {
  Django: [
    'run migrations yourself: python manage.py migrate (a deployment never changes data)',
    'run collectstatic first and deploy STATIC_ROOT with --static',
    'ALLOWED_HOSTS has to name the host of the web server; FORCE_SCRIPT_NAME is the URL prefix if links come out without it',
  ],
};

export async function deployCommand(flags: SourceFlags, context: CliContext): Promise<ExitCode> {
  const { terminal } = context;
  const chosen = await deploymentOf(flags, context, {
    onProgress: progress(flags, context.terminal),
    signal: context.interruptible(),
  });
  const result = await chosen.deployment.deploy();
  if (flags.json === true) {
    writeJson(terminal, {
      ok: true,
      app: chosen.app,
      type: chosen.type,
      framework: chosen.framework,
      ...result,
    });
    return EXIT.ok;
  }
  writeWarnings(terminal, result.warnings);
  for (const note of NOTES[chosen.framework ?? ''] ?? []) terminal.err(`note: ${note}\n`);
  terminal.out(summary(chosen.app, result));
  return EXIT.ok;
}

const PROOFS: Readonly<Record<DeploymentResult['proof'], string>> = {
  proven: 'this release answers',
  login: 'it asks for a login; give --web-user to have it proven which release answers',
  unasked: 'the web server is not known; give --web-url to have it proven that it answers',
};

function summary(app: string, { action, release, proof, url, timings }: DeploymentResult): string {
  const done = { create: 'deployed', update: 'updated', nothing: 'unchanged' }[action];
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  const times = `${seconds(timings.totalMs)}, first answer after ${seconds(timings.firstAnswerMs)}`;
  return `${app} ${done}, release ${release} (${times}): ${PROOFS[proof]}\n${url === undefined ? '' : `${url}\n`}`;
}

export async function planCommand(flags: SourceFlags, context: CliContext): Promise<ExitCode> {
  const { terminal } = context;
  const chosen = await deploymentOf(flags, context, {});
  const plan = await chosen.deployment.plan();
  if (flags.json === true) {
    writeJson(terminal, {
      ok: true,
      app: chosen.app,
      type: chosen.type,
      framework: chosen.framework,
      ...plan,
    });
    return EXIT.ok;
  }
  writeWarnings(terminal, plan.warnings);
  terminal.out(describe(chosen.app, chosen.type, plan));
  return EXIT.ok;
}

function describe(app: string, type: string, plan: DeploymentPlan): string {
  const action = {
    create: 'would be deployed',
    update: `would replace release ${plan.currentRelease ?? ''}`,
    nothing: 'is deployed already; nothing would be done',
  }[plan.action];
  return [
    `${app} (${type}) ${action} on ${plan.target}`,
    `  release       ${plan.release}`,
    `  directory     ${plan.directory}`,
    `  web paths     ${plan.webApplications.join(', ')}`,
    `  url           ${plan.url ?? 'not known'}`,
    `  files         ${String(plan.files.length)}, ${String(plan.totalBytes)} bytes`,
    `  requirements  ${plan.requirements.length === 0 ? 'none' : plan.requirements.join(', ')}`,
    '',
  ].join('\n');
}

export async function undeployCommand(flags: ApplicationFlags, context: CliContext): Promise<ExitCode> {
  const { terminal } = context;
  const { removed } = await (await existingDeployment(flags, context)).undeploy();
  if (flags.json === true) writeJson(terminal, { ok: true, removed });
  else terminal.out(removed ? `${flags.urlPrefix} is gone\n` : `${flags.urlPrefix} was not deployed\n`);
  return EXIT.ok;
}

/** Exit code 0: the release that is deployed answers, or asks for a login. */
export async function statusCommand(
  flags: ApplicationFlags & LoginFlags,
  context: CliContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const status = await (await existingDeployment(flags, context, healthOf(flags))).status();
  const { answer } = status;
  const healthy =
    status.deployed &&
    status.enabled &&
    (answer === undefined || answer.kind === 'proven' || answer.kind === 'login');
  if (flags.json === true) {
    // The type is not known from outside.
    const { type: _, ...shown } = status;
    writeJson(terminal, { ok: healthy, ...shown });
  } else if (!status.deployed) {
    terminal.out(`${flags.urlPrefix} is not deployed on ${status.target}\n`);
  } else {
    const answers =
      answer === undefined
        ? 'not asked'
        : `${answer.kind}${'status' in answer ? ` (${String(answer.status)})` : ''}`;
    terminal.out(
      `${flags.urlPrefix} on ${status.target}: release ${status.release ?? ''}, ${status.enabled ? 'enabled' : 'disabled'}, answer: ${answers}\n${status.url ?? ''}\n`,
    );
  }
  return healthy ? EXIT.ok : EXIT.failed;
}

export async function logsCommand(
  flags: ApplicationFlags & { readonly follow?: boolean },
  context: CliContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const deployment = await existingDeployment(flags, context);
  if (flags.follow === true) {
    await deployment.followLogs((text) => {
      terminal.out(text);
    }, context.interruptible());
  } else {
    terminal.out(await deployment.logs());
  }
  return EXIT.ok;
}

export async function detectCommand(
  path: string,
  flags: { readonly python: string; readonly json?: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const applications = await applicationsIn(path, flags.python);
  if (flags.json === true) writeJson(terminal, { ok: applications.length > 0, applications });
  else for (const found of applications) terminal.out(lineOf(found));
  return applications.length > 0 ? EXIT.ok : EXIT.failed;
}

function lineOf({ app, type, framework, file, line }: FoundApplication): string {
  return `${app}  ${type}  ${framework ?? 'function'}  ${file}:${String(line)}\n`;
}

function progress(flags: SourceFlags, terminal: Terminal): (step: string) => void {
  return (step) => {
    if (flags.json !== true) terminal.err(`${step} ...\n`);
  };
}

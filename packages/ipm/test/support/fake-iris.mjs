#!/usr/bin/env node
// Stands in for the `iris` program: reads terminal lines on standard input and answers as IRIS with IPM 0.10 would,
// as far as the lines of this package go. What it has installed is a JSON file named by FAKE_IRIS_STATE.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const statePath = process.env['FAKE_IRIS_STATE'];
const state = JSON.parse(readFileSync(statePath, 'utf8'));
const [command, instance, , namespace] = process.argv.slice(2);
if (command !== 'session' || instance !== 'IRIS') {
  process.stderr.write(`No such instance: ${instance}\n`);
  process.exit(1);
}
let out = `\nNode: fake, Instance: ${instance}\n`;
const print = (text) => {
  out += text;
};
const leave = (code) => {
  writeFileSync(statePath, JSON.stringify(state));
  writeSync(1, out);
  process.exit(code);
};

const lines = readFileSync(0, 'utf8').split('\n');
if (state.login !== undefined) {
  const [user, password] = lines.splice(0, 2);
  if (user !== state.login.user || password !== state.login.password) {
    print('Access Denied\n');
    leave(1);
  }
}
state.lines = [...(state.lines ?? []), ...lines];

const unquote = (literal) => literal.slice(1, -1).replaceAll('""', '"');

/** The value of an expression, or undefined when evaluating it would be an error. */
function evaluate(expression) {
  const has = state.ipm === 'present';
  if (/^\d+$/.test(expression)) return expression;
  if (expression.startsWith('$system.Version.')) return state.iris;
  if (expression.includes('IsMthd("%IPM.Main"')) return has ? '1' : '0';
  if (expression.includes('IsMthd("%ZPM.PackageManager"')) return state.ipm === 'too-old' ? '1' : '0';
  if (expression === 'rows.%SQLCODE') return has ? '0' : undefined;
  const call = /^##class\(([^)]+)\)\.(\w+)\(("(?:[^"]|"")*")\)(\.VersionString)?$/.exec(expression);
  if (call === null) return undefined;
  const argument = unquote(call[3]);
  if (call[1] === 'Security.Applications') return state.webApps.includes(argument) ? '1' : '0';
  if (!has || argument !== argument.toLowerCase()) return undefined;
  const module = argument === 'zpm' ? { version: state.ipmVersion } : state.modules[argument];
  return call[2] === 'NameExists' ? (module === undefined ? '0' : '1') : module?.version;
}

/** Words of an IPM command, after its parser: quotes, and backslashes inside of them. */
function words(text) {
  const found = [];
  for (let i = 0; i < text.length;) {
    if (text[i] === ' ') {
      i++;
      continue;
    }
    let word = '';
    while (i < text.length && text[i] !== ' ') {
      if (text[i] !== '"') {
        word += text[i++];
        continue;
      }
      for (i++; i < text.length && text[i] !== '"'; i++) {
        if (text[i] === '\\' && (text[i + 1] === '"' || text[i + 1] === '\\')) i++;
        word += text[i];
      }
      i++;
    }
    found.push(word);
  }
  return found;
}

const red = (text) => `\u001b[31m${text}\u001b[0m`;

function manifestAt(path) {
  if (path.endsWith('.tgz')) {
    const directory = mkdtempSync(join(tmpdir(), 'fake-iris-'));
    execFileSync('tar', ['-xzf', path, '-C', directory]);
    const text = readFileSync(join(directory, 'module.xml'), 'utf8');
    rmSync(directory, { recursive: true });
    return text;
  }
  const file = join(path, 'module.xml');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function load(path, flags) {
  const text = manifestAt(path);
  if (text === undefined) {
    print(`\n${red('ERROR!')} File not found to obtain module object: ${path}/module.xml\n`);
    return 1;
  }
  const shown = /<Name>([^<]+)</.exec(text)[1];
  const name = shown.toLowerCase();
  const version = /<Version>([^<]+)</.exec(text)[1];
  const webApps = [...text.matchAll(/<WebApplication\s[^>]*?Name="([^"]+)"/g)].map((match) => match[1]);
  state.lastLoad = { path, flags };
  print('\nBuilding dependency graph...Done.');
  for (const phase of ['Initialize', 'Reload', 'Validate', 'Compile', 'Activate']) {
    print(`\n[${namespace}|${shown}]\t${phase} START${phase === 'Reload' ? ` (${path}/)` : ''}`);
    if (state.fail?.phase === phase) {
      print(`\n[${shown}]\t${phase} FAILURE\n${red('ERROR!')} ${state.fail.text}\n`);
      if (state.fail.leavesModule) state.modules[name] = { version, webApps };
      return 1;
    }
    print(`\n[${namespace}|${shown}]\t${phase} SUCCESS`);
  }
  if (!state.ignoresWebApps) state.webApps = [...new Set([...state.webApps, ...webApps])];
  if (!state.forgetsModule) state.modules[name] = { version, webApps };
  print(`\n${/<AfterInstallMessage>([^<]*)</.exec(text)?.[1] ?? ''}\n`);
  return 0;
}

function uninstall(name, flags) {
  const module = state.modules[name];
  if (module === undefined) {
    print(`\n${red('ERROR!')} Module '${name}' not found.\n`);
    return 1;
  }
  state.webApps = state.webApps.filter((path) => !module.webApps.includes(path));
  if (module.requiredBy !== undefined && !flags.includes('-force')) {
    print(`\n[${namespace}|${name}]\tClean SKIPPED - required by ${module.requiredBy}\n`);
    return 0;
  }
  print(`\n[${namespace}|${name}]\tClean START\n[${namespace}|${name}]\tClean SUCCESS\n`);
  delete state.modules[name];
  return 0;
}

for (const line of lines) {
  print(`\n${namespace}>`);
  const answer = /^set answer=(.+) write !,"(\S+ \S+ )",answer,!$/.exec(line);
  const zpm = /^zpm ("(?:[^"]|"")*"):1:1$/.exec(line);
  const loop = /^while rows\.%Next\(\) \{ set answer=.+ write !,"(\S+ \S+ )",answer,! \}$/.exec(line);
  if (line === 'halt') leave(0);
  else if (answer !== null) {
    const value = evaluate(answer[1]);
    print(value === undefined ? `\n<CLASS DOES NOT EXIST> *fake` : `\n${answer[2]}${value}\n`);
  } else if (loop !== null) {
    for (const name of Object.keys(state.modules).sort())
      print(`\n${loop[1]}${name} ${state.modules[name].version}\n`);
  } else if (zpm !== null) {
    if (state.ipm !== 'present') {
      print('\n<SYNTAX>\n');
      continue;
    }
    const [verb, subject, ...flags] = words(unquote(zpm[1]));
    leave(verb === 'load' ? load(subject, flags) : uninstall(subject, flags));
  } else if (line !== '' && line !== 'zn "%SYS"' && !line.startsWith('set rows=')) {
    print('\n<SYNTAX>\n');
  }
}

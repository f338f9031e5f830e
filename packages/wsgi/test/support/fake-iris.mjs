#!/usr/bin/env node
// Stands in for the `iris` program of an instance with IPM: reads terminal lines on standard input and answers the ones
// that this package sends. The instance is a JSON file named by FAKE_IRIS_STATE and a directory of files.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const statePath = process.env['FAKE_IRIS_STATE'];
const state = JSON.parse(readFileSync(statePath, 'utf8'));
const namespace = process.argv[5];
let properties = {};
let database = '';
let out = '';
const print = (text) => {
  out += text;
};
const leave = (code) => {
  writeFileSync(statePath, JSON.stringify(state));
  writeSync(1, out);
  process.exit(code);
};
const unquote = (literal) => literal.slice(1, -1).replaceAll('""', '"');
const STRING = '"(?:[^"]|"")*"';
const find = (path) => Object.keys(state.apps).find((each) => each.toLowerCase() === path.toLowerCase());

/** The value of an expression, or undefined when evaluating it would be an error. */
function evaluate(expression) {
  const literal = new RegExp(STRING).exec(expression)?.[0];
  const argument = literal === undefined ? '' : unquote(literal);
  if (/^\d+$/.test(expression)) return expression;
  if (expression.startsWith('$system.Version.')) return state.iris;
  if (expression.startsWith('$system.Util.InstallDirectory')) return `${state.directory}/irissys/`;
  if (expression.startsWith('$system.Util.ManagerDirectory')) return `${state.directory}/irissys/mgr/`;
  if (expression.includes('IsMthd("%IPM.Main"')) return state.ipm === true ? '1' : '0';
  if (expression.includes('IsMthd("%ZPM')) return state.ipm === 'too-old' ? '1' : '0';
  if (expression === 'rows.%SQLCODE') return '0';
  if (expression.startsWith('##class(%SYS.Namespace).Exists('))
    return state.namespaces.includes(argument) ? '1' : '0';
  if (expression.startsWith('$data(properties('))
    return properties[argument] === undefined ? '0' : `1${properties[argument]}`;
  if (expression.startsWith('##class(Security.Applications).Exists('))
    return find(argument) === undefined ? '0' : '1';
  if (expression.includes(').Delete(')) {
    const path = find(argument);
    if (path !== undefined) delete state.apps[path];
    return '1';
  }
  if (expression.includes(').Modify(')) {
    const path = find(argument) ?? argument;
    state.apps[path] = { ...state.apps[path], ...properties };
    return '1';
  }
  if (expression.includes('.ResourceName')) return `%DB_${database}`;
  if (expression.startsWith('##class(%IPM.Storage.Module)')) {
    const module = argument === 'zpm' ? { version: '0.10.9' } : state.modules[argument];
    return expression.includes('NameExists') ? (module === undefined ? '0' : '1') : module?.version;
  }
  return undefined;
}

function load(path, flags) {
  const work = mkdtempSync(join(tmpdir(), 'fake-iris-'));
  execFileSync('tar', ['-xzf', path, '-C', work]);
  const text = readFileSync(join(work, 'module.xml'), 'utf8');
  const name = /<Name>([^<]+)</.exec(text)[1];
  const requirements = join(work, 'requirements.txt');
  state.loads = [
    ...(state.loads ?? []),
    { name, path, flags, requirements: existsSync(requirements) ? readFileSync(requirements, 'utf8') : null },
  ];
  const evaluateText = (value) =>
    value
      .replaceAll('${libDir}', `${state.directory}/irissys/lib/`)
      .replaceAll('${namespace}', namespace)
      .replaceAll('${globalsDbRole}', `%DB_${namespace}`);
  const target = evaluateText(/<FileCopy [^>]*Target="([^"]+)"/.exec(text)[1]);
  const steps = {
    Initialize: () => undefined,
    Reload: () => undefined,
    Validate: () => undefined,
    Compile: () => undefined,
    Activate: () => {
      mkdirSync(target, { recursive: true });
      cpSync(join(work, 'src/python'), target, { recursive: true });
      for (const [, attributes] of text.matchAll(/<WebApplication ([^>]*)\/>/g)) {
        const record = Object.fromEntries(
          [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, evaluateText(value)]),
        );
        state.apps[record.Name] = { ...state.apps[record.Name], ...record };
      }
    },
  };
  for (const [phase, step] of Object.entries(steps)) {
    print(`\n[${namespace}|${name}]\t${phase} START`);
    if (state.fail?.before === phase) {
      print(`\n[${name}]\t${phase} FAILURE\n\u001b[31mERROR!\u001b[0m ${state.fail.text}\n`);
      rmSync(work, { recursive: true });
      return 1;
    }
    step();
    // Files that were copied stay when a later step fails; the database is rolled back.
    if (state.fail?.after === phase) {
      state.apps = JSON.parse(readFileSync(statePath, 'utf8')).apps;
      print(`\n[${name}]\t${phase} FAILURE\n\u001b[31mERROR!\u001b[0m ${state.fail.text}\n`);
      rmSync(work, { recursive: true });
      return 1;
    }
    print(`\n[${namespace}|${name}]\t${phase} SUCCESS`);
  }
  state.modules[name.toLowerCase()] = {
    version: /<Version>([^<]+)</.exec(text)[1],
    apps: [...text.matchAll(/<WebApplication Name="([^"]+)"/g)].map((match) => match[1]),
    target,
  };
  rmSync(work, { recursive: true });
  return 0;
}

function uninstall(name) {
  const module = state.modules[name];
  for (const path of module.apps) delete state.apps[path];
  rmSync(module.target, { recursive: true, force: true });
  delete state.modules[name];
  print(`\n[${namespace}|${name}]\tClean START\n[${namespace}|${name}]\tClean SUCCESS\n`);
  return 0;
}

if (!state.namespaces.includes(namespace)) {
  print(`\n<NAMESPACE>\n`);
  leave(1);
}
for (const line of readFileSync(0, 'utf8').split('\n')) {
  const answer = /^set answer=(.+) write !,"(\S+ \S+ )",answer,!$/.exec(line);
  const zpm = /^zpm ("(?:[^"]|"")*"):1:1$/.exec(line);
  const loop = /^while rows\.%Next\(\) \{ set answer=.+ write !,"(\S+ \S+ )",answer,! \}$/.exec(line);
  const property = new RegExp(`^set properties\\((${STRING})\\)=(${STRING})$`).exec(line);
  const get = new RegExp(
    `^set sc=##class\\(Security\\.Applications\\)\\.Get\\((${STRING}),\\.properties\\)$`,
  ).exec(line);
  const configGet = new RegExp(
    `^set sc=##class\\(Config\\.Namespaces\\)\\.Get\\((${STRING}),\\.namespace\\)$`,
  ).exec(line);
  if (line === 'halt') leave(0);
  else if (answer !== null) {
    const value = evaluate(answer[1]);
    print(value === undefined ? `\n<ERROR> ${answer[1]}\n` : `\n${answer[2]}${value}\n`);
  } else if (loop !== null) {
    for (const path of Object.keys(state.apps)) print(`\n${loop[1]}${path}\n`);
  } else if (line === 'kill properties') properties = {};
  else if (property !== null) properties[unquote(property[1])] = unquote(property[2]);
  else if (get !== null) properties = { ...state.apps[find(unquote(get[1])) ?? ''] };
  else if (configGet !== null) database = unquote(configGet[1]);
  else if (zpm !== null) {
    const words = [...unquote(zpm[1]).matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
      (match) => match[1] ?? match[2],
    );
    leave(words[0] === 'load' ? load(words[1], words.slice(2)) : uninstall(words[1]));
  } else if (line !== '' && line !== 'zn "%SYS"' && !/^set (?:rows|sc)=/.test(line)) print('\n<SYNTAX>\n');
}

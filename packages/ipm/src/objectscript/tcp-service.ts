import { IrisError } from '@iris-devtools/core';
import { writeClass } from './class-writer.js';
import type { ClassMethod } from './class-writer.js';
import { className, identifier, stringLiteral, textExpression } from './literals.js';
import { checkTcpService } from './tcp-service-options.js';
import type { ServiceText, TcpServiceOptions } from './tcp-service-options.js';

/**
 * A class that runs a Python server beside IRIS: `Start`, `Stop`, `Restart` (all `%Status`, all may be called twice),
 * `IsRunning`, `Status` (a word and a PID) and `Pid`. The PID is kept in a file, not in a global, because a global would
 * be rolled back with a failed installation and leave the process behind; `/proc` tells whether the PID is still ours.
 * Linux only. Nothing restarts the server after a restart of IRIS.
 *
 * @throws IrisError `IRIS_OPTION` for names that cannot be written into a class.
 */
export function generateTcpService(options: TcpServiceOptions): string {
  checkTcpService(options);
  const parameters = (options.parameters ?? [])
    .map(({ name, default: value }) => `${identifier(name)} As %String = ${defaultValue(value)}`)
    .join(', ');
  const names = (options.parameters ?? []).map(({ name }) => name).join(', ');
  return writeClass(
    options.className,
    [`Starts and stops ${options.serviceName}, a Python server that runs beside IRIS.`],
    [
      ...files(options),
      ...process(options),
      { name: 'Start', parameters, returns: '%Status', documentation: START_NOTES, body: start(options) },
      { name: 'Stop', returns: '%Status', documentation: ['OK when nothing runs.'], body: stop(options) },
      {
        name: 'Restart',
        parameters,
        returns: '%Status',
        body: ['Set sc = ..Stop()', 'If $$$ISERR(sc) {', '    Return sc', '}', `Return ..Start(${names})`],
      },
      {
        name: 'Status',
        returns: '%String',
        documentation: ['"running" and the PID, or "stopped".'],
        body: ['If ..IsRunning() {', '    Return "running "_..Pid()', '}', 'Return "stopped"'],
      },
    ],
  );
}

const START_NOTES = ['OK when it runs already. The server inherits the environment of this IRIS process.'];

/** A default in a method's head has to be one literal. */
function defaultValue(value: string): string {
  const literal = stringLiteral(value);
  if (/^"(?:[^"]|"")*"$/.test(literal)) return literal;
  throw new IrisError('The default of a parameter holds characters that a method head cannot hold', {
    code: 'IRIS_OPTION',
    hint: 'Use plain text without control characters, "$$" or "##".',
  });
}

function files({ serviceName, className: name }: TcpServiceOptions): ClassMethod[] {
  return [
    {
      name: 'PidFile',
      returns: '%String',
      body: [`Return ##class(%Library.File).ManagerDirectory()_${stringLiteral(`${serviceName}.pid`)}`],
    },
    {
      name: 'LogFile',
      returns: '%String',
      body: [`Return ##class(%Library.File).ManagerDirectory()_${stringLiteral(`${serviceName}.log`)}`],
    },
    {
      name: 'Log',
      parameters: 'message As %String, severity As %Integer = 0',
      documentation: ['To messages.log; severity 0 information, 1 warning, 2 severe.'],
      body: [
        `Do ##class(%SYS.System).WriteToConsoleLog(${stringLiteral(`[${serviceName}] `)}_message, 0, severity, ${stringLiteral(className(name))})`,
      ],
    },
  ];
}

function process({ pythonModule }: TcpServiceOptions): ClassMethod[] {
  return [
    {
      name: 'ReadFile',
      parameters: 'file As %String',
      returns: '%String',
      documentation: ['The first 4096 bytes; empty when there is no such file.'],
      body: [
        "If '##class(%Library.File).Exists(file) {",
        '    Return ""',
        '}',
        'Set stream = ##class(%Stream.FileBinary).%New()',
        'Set sc = stream.LinkToFile(file)',
        'If $$$ISERR(sc) {',
        '    Return ""',
        '}',
        'Return stream.Read(4096)',
      ],
    },
    {
      name: 'Pid',
      returns: '%Integer',
      documentation: ['The PID that Start wrote down; 0 when there is none.'],
      body: ['Return +..ReadFile(..PidFile())'],
    },
    {
      name: 'IsRunning',
      returns: '%Boolean',
      documentation: [
        '1 when the PID is alive and its command line still has our module as one whole argument.',
      ],
      body: [
        'Set pid = ..Pid()',
        'If pid = 0 {',
        '    Return 0',
        '}',
        '// unverified on a live server: that a stream reads /proc, whose files have size 0',
        'Set arguments = $CHAR(0)_..ReadFile("/proc/"_pid_"/cmdline")_$CHAR(0)',
        `Return $FIND(arguments, $CHAR(0)_"-m"_$CHAR(0)_${stringLiteral(pythonModule)}_$CHAR(0)) > 0`,
      ],
    },
    {
      name: 'WritePid',
      parameters: 'pid As %Integer',
      returns: '%Status',
      body: [
        'Set stream = ##class(%Stream.FileCharacter).%New()',
        'Set sc = stream.LinkToFile(..PidFile())',
        'If $$$ISERR(sc) {',
        '    Return sc',
        '}',
        'Set sc = stream.Write(pid)',
        'If $$$ISERR(sc) {',
        '    Return sc',
        '}',
        'Return stream.%Save()',
      ],
    },
  ];
}

function start(options: TcpServiceOptions): string[] {
  const { pythonModule, startSeconds = 2 } = options;
  const words = [
    ...Object.entries(options.environment ?? {}).map(
      ([name, value]) => `${stringLiteral(`${name}=`)}_${code(value)}`,
    ),
    '$SYSTEM.Util.BinaryDirectory()_"irispython"',
    '"-m"',
    stringLiteral(pythonModule),
    ...(options.args ?? []).map(code),
  ];
  return [
    'Set sc = $$$OK',
    'Try {',
    '    If ..IsRunning() {',
    '        Return $$$OK',
    '    }',
    '    Set log = ..LogFile()',
    '    Set flags = "/ASYNC /STDOUT+="""_log_""" /STDERR+="""_log_""""',
    ...words.map((word, i) => `    Set arguments(${String(i + 1)}) = ${word}`),
    `    Set arguments = ${String(words.length)}`,
    '    // env runs the command with more variables and becomes it, so $ZCHILD is the PID of the server',
    '    Set rc = $ZF(-100, flags, "/usr/bin/env", .arguments)',
    "    If rc '= 0 {",
    '        Return $$$ERROR($$$GeneralError, "could not start irispython, status "_rc)',
    '    }',
    '    Set sc = ..WritePid($ZCHILD)',
    '    If $$$ISERR(sc) {',
    '        Return sc',
    '    }',
    `    Hang ${String(startSeconds)}`,
    "    If '..IsRunning() {",
    '        Do ##class(%Library.File).Delete(..PidFile())',
    '        Do ..Log("ended at start, see "_log, 2)',
    '        Return $$$ERROR($$$GeneralError, "the server ended at start; see "_log)',
    '    }',
    '    Do ..Log("started, pid "_..Pid())',
    '} Catch ex {',
    '    Set sc = ex.AsStatus()',
    '}',
    'Return sc',
  ];
}

function code(text: ServiceText): string {
  return typeof text === 'string' ? textExpression(text) : identifier(text.parameter);
}

function stop({ stopSeconds = 10 }: TcpServiceOptions): string[] {
  return [
    'Set sc = $$$OK',
    'Try {',
    '    Set pid = ..Pid()',
    '    If ..IsRunning() {',
    '        // /SHELL: kill is a builtin of the shell and need not exist as a program; the PID is a number',
    '        Set rc = $ZF(-100, "/SHELL", "kill", "-TERM", pid)',
    `        For i = 1:1:${String(Math.ceil(stopSeconds * 2))} {`,
    "            If '..IsRunning() {",
    '                Quit',
    '            }',
    '            Hang 0.5',
    '        }',
    '        If ..IsRunning() {',
    '            Set rc = $ZF(-100, "/SHELL", "kill", "-KILL", pid)',
    '            Hang 1',
    '        }',
    '        If ..IsRunning() {',
    '            Return $$$ERROR($$$GeneralError, "process "_pid_" did not stop")',
    '        }',
    '        Do ..Log("stopped, pid "_pid)',
    '    }',
    '    Do ##class(%Library.File).Delete(..PidFile())',
    '} Catch ex {',
    '    Set sc = ex.AsStatus()',
    '}',
    'Return sc',
  ];
}

/**
 * Stands in for the `iris` program: `iris qlist`, and `iris session` for the one line that recovery sends. The program
 * (iris.cjs) passes its arguments and input to `serveTerminal` in the process of the emulator, which does what they ask.
 */
const { createServer } = require('node:net');

const LINE =
  /^write !,"([0-9a-f]+)",\$SELECT\(##class\(Security\.Users\)\.UnExpireUserPasswords\((.+)\):"OK",1:"FAILED"\),"\1",!$/;

/** An ObjectScript string expression of literals and $CHAR; undefined for anything else. */
function evaluate(expression) {
  const part = /"((?:[^"]|"")*)"|\$CHAR\((\d+)\)/y;
  let text = '';
  for (;;) {
    const found = part.exec(expression);
    if (found === null) return undefined;
    text += found[1] === undefined ? String.fromCharCode(Number(found[2])) : found[1].replaceAll('""', '"');
    if (part.lastIndex === expression.length) return text;
    if (expression[part.lastIndex] !== '_') return undefined;
    part.lastIndex += 1;
  }
}

/** One session: a banner and prompts around what the lines print, as a terminal shows them. */
async function session(stdin, unexpire) {
  let output = '\nNode: stand-in, Instance: IRIS\n\n%SYS>';
  for (const line of stdin.split(/\r?\n/)) {
    if (line === 'halt' || line === '') break;
    const [, mark, expression = ''] = LINE.exec(line) ?? [];
    const user = evaluate(expression);
    if (mark === undefined || user === undefined) output += '\n<SYNTAX>\n%SYS>';
    else output += `\n${mark}${(await unexpire(user)) ? 'OK' : 'FAILED'}${mark}\n\n%SYS>`;
  }
  return { stdout: output, exitCode: 0 };
}

async function answer({ argv, stdin }, { qlist, unexpire, instance = 'IRIS' }) {
  if (argv[0] === 'qlist') return { stdout: qlist(), exitCode: 0 };
  if (argv[0] === 'session' && argv[1] === instance && argv[2] === '-U' && argv[3] === '%SYS')
    return session(stdin, unexpire);
  return { stdout: `iris: ${argv.join(' ')}: not known here\n`, exitCode: 1 };
}

/** Serves the program on a Unix socket. `unexpire` gives the number of users that it concerned. */
function serveTerminal(socketPath, behaviour) {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let received = '';
    socket.setEncoding('utf8').on('data', (chunk) => (received += chunk));
    socket.on('error', () => undefined);
    socket.on('end', () => {
      void answer(JSON.parse(received), behaviour).then((result) => socket.end(JSON.stringify(result)));
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(socketPath, () => {
      resolve({ close: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

module.exports = { serveTerminal };

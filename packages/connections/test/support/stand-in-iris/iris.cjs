#!/usr/bin/env node
/** The `iris` program of the stand-in: hands its arguments and its input over, prints the answer. */
const { connect } = require('node:net');
const { text } = require('node:stream/consumers');

async function main() {
  const argv = process.argv.slice(2);
  const stdin = argv[0] === 'qlist' ? '' : await text(process.stdin);
  const socket = connect(process.env.IRIS_STANDIN_SOCKET ?? '/tmp/iris-standin.sock');
  socket.end(JSON.stringify({ argv, stdin }));
  const { stdout, exitCode } = JSON.parse(await text(socket));
  process.stdout.write(stdout);
  process.exitCode = exitCode;
}

main().catch((error) => {
  process.stderr.write(`iris: ${error.message}\n`);
  process.exitCode = 1;
});

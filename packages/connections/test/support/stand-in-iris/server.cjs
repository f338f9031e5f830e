/** What runs in the stand-in container: the emulator with IRIS's expired first passwords, and the `iris` program's other end. */
const { rmSync } = require('node:fs');
const { startEmulator } = require('@iris-devtools/emulator');
const { serveTerminal } = require('./terminal.cjs');

const SOCKET = '/tmp/iris-standin.sock';

async function main() {
  const expiredPasswords = process.env.STANDIN_EXPIRED === '1';
  const emulator = await startEmulator({ host: '0.0.0.0', port: 1972, expiredPasswords });
  // Left by a process that was killed before a restart.
  rmSync(SOCKET, { force: true });
  await serveTerminal(SOCKET, {
    qlist: () =>
      'IRIS^/usr/irissys^2024.3^running, since Sat Nov 28 12:00:00 2026^iris.cpf^1972^52773^0^ok^IRIS\n',
    unexpire: (user) => emulator.users.unexpire(user),
  });
  process.stdout.write('ready\n');
  process.on('SIGTERM', () => {
    void emulator.stop().then(() => process.exit(0));
  });
}

void main();

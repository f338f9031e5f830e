import { isIrisError, type IrisError } from '@iris-devtools/core';
import { connect } from '@iris-devtools/driver';
import { chooseBackend } from '../backends/choose-backend.js';
import { failed, ok, skipped, type Check, type Finding } from './check.js';

/** The server refuses in one message whatever is wrong; only its text tells a namespace from a password. */
const ABOUT_NAMESPACE = /namespace/i;

const wasRefused = ({ code }: IrisError): boolean =>
  code === 'IRIS_LOGIN_REFUSED' || code === 'IRIS_PASSWORD_EXPIRED';

/** Which client a program would get, and why not the others. */
export const clientCheck: Check = {
  name: 'client',
  run(state) {
    if (state.config === undefined) return Promise.resolve(skipped('no settings'));
    try {
      const { backend, skipped: others } = chooseBackend(state.config);
      state.client = backend.name;
      const reasons = others.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
      return Promise.resolve(ok(`${backend.name} (${reasons})`));
    } catch (error) {
      if (!isIrisError(error)) throw error;
      return Promise.resolve(failed(error.message, error.hint ?? 'Use driver "auto".'));
    }
  },
};

/** Logs in, once for this stage and the next two: a server that refuses has spoken the protocol. */
export const handshakeCheck: Check = {
  name: 'handshake',
  async run(state, signal) {
    if (state.config === undefined) return skipped('no settings');
    const { settings, password } = state.config;
    const { host, port, user, namespace, tls, connectTimeoutMs } = settings;
    const login = { host, port, user, namespace, tls, connectTimeoutMs };
    try {
      state.connection = await connect(password === undefined ? login : { ...login, password }, signal);
      const { protocolVersion } = state.connection.server;
      return ok(`speaks the SuperServer protocol, version ${String(protocolVersion)}`);
    } catch (error) {
      if (!isIrisError(error)) throw error;
      if (!wasRefused(error)) return handshakeProblem(error);
      state.refusal = error;
      return ok('speaks the SuperServer protocol');
    }
  },
};

function handshakeProblem(error: IrisError): Finding {
  // Bytes that make no sense, or a length that no message has.
  if (error.code === 'IRIS_PROTOCOL' || error.code === 'IRIS_LIMIT') {
    return failed(
      'what listens there is not a SuperServer',
      'Use the SuperServer port (1972), not the web port.',
    );
  }
  return failed(
    error.message,
    error.hint ?? 'Check that the server is up and that this is its SuperServer port.',
  );
}

export const loginCheck: Check = {
  name: 'login',
  run({ config, connection, refusal }) {
    const user = config?.settings.user ?? '';
    if (connection !== undefined) return Promise.resolve(ok(`${user}; ${connection.server.version}`));
    if (refusal === undefined) return Promise.resolve(skipped('no handshake'));
    if (refusal.code === 'IRIS_PASSWORD_EXPIRED') {
      return Promise.resolve(
        failed(
          'the password must be changed before it can be used',
          'Run this again with --fix, or change the password by hand.',
        ),
      );
    }
    if (ABOUT_NAMESPACE.test(serverWords(refusal))) return Promise.resolve(ok(`${user} is known`));
    return Promise.resolve(
      failed(
        `${refusal.message} (user or password is wrong, or the user may not connect)`,
        'Check where they come from: npx @iris-devtools/config explain',
      ),
    );
  },
};

export const namespaceCheck: Check = {
  name: 'namespace',
  run({ config, connection, refusal }) {
    const namespace = config?.settings.namespace ?? '';
    if (connection !== undefined) return Promise.resolve(ok(namespace));
    const source = config?.sourceOf('namespace') ?? 'default';
    return Promise.resolve(
      failed(
        serverWords(refusal) || `${namespace} cannot be used`,
        `Correct the namespace, which comes from ${source}, or create it.`,
      ),
    );
  },
};

/** What the server said, without the place that the driver puts in front. */
function serverWords(refusal: IrisError | undefined): string {
  return refusal?.message.replace(/^.*?: /, '') ?? '';
}

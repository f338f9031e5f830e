import { Secret, isIrisError } from '@iris-devtools/core';
import type { IrisError } from '@iris-devtools/core';
import type { DeploymentOptions } from '@iris-devtools/wsgi';
import type { FakeInstance, Sources } from './fake-instance.js';

export const login = { username: 'tester', password: new Secret('secret') };

const WSGI = (answer: string): string => `
from shop import words

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [(words.ANSWER + " ${answer} " + environ["PATH_INFO"]).encode()]
`;

export const shop = (answer = 'one'): Record<string, string> => ({
  'shop_web.py': WSGI(answer),
  'shop/__init__.py': '',
  'shop/words.py': `ANSWER = "${answer}"\n`,
});

export const ASGI = `
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"asgi " + scope["path"].encode()})
`;

export function options(
  iris: FakeInstance,
  sources: Sources,
  change: Partial<DeploymentOptions> = {},
): DeploymentOptions {
  return {
    app: 'shop_web:app',
    path: sources.path,
    urlPrefix: '/shop',
    host: iris.host,
    ...change,
    health: { login, timeoutMs: 5000, ...change.health },
  };
}

export async function refusal(work: Promise<unknown>): Promise<IrisError> {
  const error: unknown = await work.then(
    () => new Error('expected a refusal'),
    (reason: unknown) => reason,
  );
  if (isIrisError(error)) return error;
  throw error;
}

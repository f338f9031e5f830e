/** How a Python application is called. */
export type ApplicationType = 'wsgi' | 'asgi';

export interface Framework {
  readonly name: string;
  /** `undefined`: the object is neither, see `instead`. */
  readonly type: ApplicationType | undefined;
  readonly instead?: string;
}

/** What a call makes, by the dotted name of what is called. */
const FRAMEWORKS: ReadonlyMap<string, Framework> = new Map<string, Framework>([
  ['flask.Flask', { name: 'Flask', type: 'wsgi' }],
  ['fastapi.FastAPI', { name: 'FastAPI', type: 'asgi' }],
  ['fastapi.applications.FastAPI', { name: 'FastAPI', type: 'asgi' }],
  ['starlette.applications.Starlette', { name: 'Starlette', type: 'asgi' }],
  ['quart.Quart', { name: 'Quart', type: 'asgi' }],
  ['litestar.Litestar', { name: 'Litestar', type: 'asgi' }],
  ['django.core.wsgi.get_wsgi_application', { name: 'Django', type: 'wsgi' }],
  ['django.core.asgi.get_asgi_application', { name: 'Django', type: 'asgi' }],
  ['bottle.Bottle', { name: 'Bottle', type: 'wsgi' }],
  ['bottle.default_app', { name: 'Bottle', type: 'wsgi' }],
  ['falcon.App', { name: 'Falcon', type: 'wsgi' }],
  ['falcon.asgi.App', { name: 'Falcon', type: 'asgi' }],
  ['dash.Dash', { name: 'Dash', type: undefined, instead: 'deploy its Flask server: server = app.server' }],
  [
    'aiohttp.web.Application',
    { name: 'aiohttp', type: undefined, instead: 'IRIS serves WSGI and ASGI only' },
  ],
  [
    'tornado.web.Application',
    { name: 'Tornado', type: undefined, instead: 'IRIS serves WSGI and ASGI only' },
  ],
]);

export function frameworkOf(callee: string | null): Framework | undefined {
  return callee === null ? undefined : FRAMEWORKS.get(callee);
}

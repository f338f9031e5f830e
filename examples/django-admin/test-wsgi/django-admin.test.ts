import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { connect } from '@iris-devtools/connections';
import {
  EmulatorAtHand,
  reportTimes,
  WorkingCopy,
} from '../../../packages/wsgi/test/support/command-line.js';
import { setUp } from '../src/set-up.js';

const run = promisify(execFile);
const PREFIX = ['--url-prefix', '/django-admin'];

/** What a developer does before a deployment: packages, Django's tables, an account, static files. */
async function prepare(site: string): Promise<void> {
  const packages = mkdtempSync(join(tmpdir(), 'django-'));
  try {
    const requirements = join(site, 'requirements.txt');
    await run('python3', ['-m', 'pip', 'install', '-q', '--target', packages, '-r', requirements]);
    const account = { DJANGO_SUPERUSER_PASSWORD: 'only-here-1', DJANGO_SUPERUSER_EMAIL: 'ann@example.org' };
    const env = { ...process.env, ...account, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' };
    for (const words of [
      ['migrate', '-v', '0'],
      ['createsuperuser', '--noinput', '--username', 'ann'],
      ['collectstatic', '--noinput', '-v', '0'],
    ])
      await run('python3', [join(site, 'manage.py'), ...words], { env });
  } finally {
    rmSync(packages, { recursive: true });
  }
}

/** A browser, as far as forms and cookies go. */
class Visitor {
  readonly #place: EmulatorAtHand;
  readonly #cookies = new Map<string, string>();

  constructor(place: EmulatorAtHand) {
    this.#place = place;
  }

  async get(path: string): Promise<string> {
    return (await this.#ask(path)).text();
  }

  /** Sends a form of the page at `path` back to it; gives where that leads. */
  async post(path: string, fields: Record<string, string>): Promise<string | null> {
    const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(await this.get(path))?.[1] ?? '';
    const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: token });
    return (await this.#ask(path, { method: 'POST', body })).headers.get('location');
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.#place.fetch(path, { ...init, headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    return response;
  }
}

it('Django: deployed with its admin and static files, used, redeployed with other code, removed', async () => {
  await using place = await EmulatorAtHand.start();
  await using iris = await connect(place.emulator.url);
  await setUp(iris);
  using site = new WorkingCopy(join(__dirname, '..', 'site'));
  await prepare(site.path);
  const where = place.place('--emulator');
  const deploy = () =>
    place.json(
      ...['deploy', ...where, ...PREFIX, '--path', site.path, '--static', 'assets'],
      ...['--health-path', '/login/', '--web-user', '_SYSTEM'],
    );

  const first = await deploy();
  expect(first).toMatchObject({
    ok: true,
    app: 'project.wsgi:application',
    framework: 'Django',
    proof: 'proven',
    webApplications: ['/django-admin', '/django-admin/static'],
  });
  reportTimes('django-admin', first);

  const visitor = new Visitor(place);
  const login = await visitor.get('/django-admin/login/');
  expect(login).toContain('Library');
  const style = /href="([^"]+base[^"]*\.css)"/.exec(login)?.[1] ?? '';
  expect(style).toMatch(/^\/django-admin\/static\//);
  expect((await place.fetch(style)).headers.get('content-type')).toBe('text/css; charset=utf-8');
  const account = { username: 'ann', password: 'only-here-1' };
  expect(await visitor.post('/django-admin/login/?next=/django-admin/books/', account)).toBe(
    '/django-admin/books/',
  );
  expect(await visitor.get('/django-admin/books/')).toContain('<td>Ulysses</td><td>1</td>');
  expect(await visitor.post('/django-admin/books/', { title: 'Moby-Dick', copies: '2' })).toBe(
    '/django-admin/books/',
  );
  expect(await visitor.get('/django-admin/books/')).toContain('Moby-Dick was added');
  const { rows } = await iris.query('SELECT Copies FROM Library.Book WHERE Title = ?', ['Moby-Dick']);
  expect(rows).toEqual([{ Copies: 2 }]);

  site.edit('library/admin.py', 'site_header = "Library"', 'site_header = "Reading room"');
  expect(await deploy()).toMatchObject({ ok: true, action: 'update', proof: 'proven' });
  // Still logged in: the session is in a cookie, the account came along.
  const index = await visitor.get('/django-admin/');
  expect(index).toContain('Reading room');
  expect(index).toContain('Books in IRIS');

  expect(await place.json('undeploy', ...where, ...PREFIX)).toMatchObject({ ok: true, removed: true });
  expect((await place.fetch('/django-admin/login/')).status).toBe(404);
  expect((await place.fetch(style)).status).toBe(404);
  expect(place.left).toEqual([]);
});

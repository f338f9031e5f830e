import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { WsgiDeployment } from '@iris-devtools/wsgi';
import { Sources } from './support/fake-instance.js';
import { describeHost } from './support/host-suite.js';
import { PLACES } from './support/places.js';
import { refusal, shop } from './support/shop.js';

describe.each(PLACES)('%s', (_name, open) => {
  describeHost(open);
});

describe.each(PLACES.filter(([name]) => name !== 'an instance with IPM'))('%s', (_name, open) => {
  it('refuses a directory that cannot be written to', async () => {
    await using place = await open();
    using sources = new Sources(shop());
    const deployment = new WsgiDeployment({
      app: 'shop_web:app',
      path: sources.path,
      urlPrefix: '/readonly',
      host: place.within(join(place.directory, 'file', 'inside')),
    });
    expect((await refusal(deployment.deploy())).message).toMatch(/file\/inside cannot be written to/);
    expect((await place.instance.facts('USER', ['/readonly'])).applications.size).toBe(0);
  });
});

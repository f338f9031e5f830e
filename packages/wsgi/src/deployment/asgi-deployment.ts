import type { DeploymentOptions } from './options.js';
import { PythonDeployment } from './python-deployment.js';

/**
 * An ASGI application (FastAPI, Starlette, Quart, ...) inside IRIS, which runs it synchronously through a2wsgi: no
 * WebSockets, no lifespan events, no work after the answer. Needs IRIS 2024.2.
 */
export class AsgiDeployment extends PythonDeployment {
  /** @throws IrisError `IRIS_OPTION` naming the option. */
  constructor(options: DeploymentOptions) {
    super(options, 'asgi');
  }
}

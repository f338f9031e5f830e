import type { DeploymentOptions } from './options.js';
import { PythonDeployment } from './python-deployment.js';

/** A WSGI application (Flask, Django, ...) inside IRIS. Needs IRIS 2024.1. */
export class WsgiDeployment extends PythonDeployment {
  /** @throws IrisError `IRIS_OPTION` naming the option. */
  constructor(options: DeploymentOptions) {
    super(options, 'wsgi');
  }
}

import { readPropertyArray, writePropertyArray } from '../property-list.js';
import { errorStatus, STATUS_CODE, STATUS_OK } from '../status.js';
import { objectClassMethods, objectMethods, objectProperties } from './application-object.js';
import { createRecord, putRecord } from './application-record.js';
import { administratorOnly } from './privilege.js';
import type { ApplicationObject } from './application-object.js';
import type { ClassDefinition } from '../class-definition.js';

/** Security.Applications: web applications, WSGI and ASGI ones among them. */
export const securityApplicationsClass: ClassDefinition<ApplicationObject> = {
  name: 'Security.Applications',
  systemOnly: true,
  superclasses: ['%Library.Persistent'],
  classMethods: {
    ...objectClassMethods(() => securityApplicationsClass),
    Exists: (process, args) => Number(process.instance.security.application(args.text(0)) !== undefined),
    Create: administratorOnly((process, args) =>
      createRecord(process.instance.security, args.text(0), readPropertyArray(args.value(1))),
    ),
    Get: administratorOnly((process, args) => {
      const record = process.instance.security.application(args.text(0));
      if (record === undefined) return missing(args.text(0));
      args.assign(1, writePropertyArray(Object.entries(record)));
      return STATUS_OK;
    }),
    Modify: administratorOnly((process, args) => {
      const record = process.instance.security.application(args.text(0));
      if (record === undefined) return missing(args.text(0));
      return putRecord(process.instance.security, args.text(0), record, readPropertyArray(args.value(1)));
    }),
    Delete: administratorOnly(async (process, args) =>
      (await process.instance.security.deleteApplication(args.text(0))) ? STATUS_OK : missing(args.text(0)),
    ),
  },
  methods: objectMethods,
  properties: objectProperties,
};

function missing(name: string): string {
  return errorStatus(STATUS_CODE.applicationMissing, `Application ${name} does not exist`);
}

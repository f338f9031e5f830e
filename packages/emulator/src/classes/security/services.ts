import { readPropertyArray, writePropertyArray } from '../property-list.js';
import { errorStatus, STATUS_CODE, STATUS_OK } from '../status.js';
import { administratorOnly } from './privilege.js';
import type { ClassDefinition } from '../class-definition.js';

const missing = (name: string): string =>
  errorStatus(STATUS_CODE.serviceMissing, `Service ${name} does not exist`);

/** Security.Services: %Service_CallIn and its siblings. Properties that a change leaves out keep their values. */
export const securityServicesClass: ClassDefinition = {
  name: 'Security.Services',
  systemOnly: true,
  classMethods: {
    Exists: (process, args) => Number(process.instance.security.service(args.text(0)) !== undefined),
    Get: administratorOnly((process, args) => {
      const record = process.instance.security.service(args.text(0));
      if (record === undefined) return missing(args.text(0));
      args.assign(1, writePropertyArray(Object.entries(record)));
      return STATUS_OK;
    }),
    Modify: administratorOnly(async (process, args) => {
      const changes = Object.fromEntries(readPropertyArray(args.value(1)));
      const found = await process.instance.security.modifyService(args.text(0), changes);
      return found ? STATUS_OK : missing(args.text(0));
    }),
  },
};

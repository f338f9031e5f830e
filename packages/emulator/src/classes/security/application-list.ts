import { isAdministrator } from './privilege.js';
import type { ClassQuery } from '../sql/class-query.js';

/**
 * Security.Applications:List, all applications.
 * unverified on a live server: the columns behind Name.
 */
export const applicationListQuery: ClassQuery = {
  columns: ['Name', 'NameSpace', 'Enabled', 'Description'],
  rows: (process) =>
    Promise.resolve(
      isAdministrator(process)
        ? process.instance.security.applications.map(([name, record]) => [
            name,
            record.NameSpace ?? '',
            record.Enabled ?? '',
            record.Description ?? '',
          ])
        : [],
    ),
};

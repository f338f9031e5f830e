/**
 * Our own objects live in pg_catalog, under a prefix: every tool leaves that schema out when it lists what users have, and
 * it is searched first whatever the search_path.
 */
export function internal(name: string): string {
  return `pg_catalog.iris_${name}`;
}

export { DEFAULT_SOURCES, discoverConfig } from './discover.js';
export { DEFAULTS, OPTIONS, OPTION_NAMES } from './options.js';
export { ResolvedConfig } from './resolved-config.js';
export { STARTED_INSTANCE_VARIABLE, processTree } from './sources/process-tree.js';
export { configFile, defineConfig } from './sources/config-file.js';
export { containers, listContainers } from './sources/containers.js';
export { dotenv } from './sources/dotenv.js';
export { environment } from './sources/environment.js';
export { formatIrisUrl, parseIrisUrl } from './iris-url.js';
export { localInstances, parseQlist, runQlist } from './sources/local-instances.js';

export type { DiscoverOptions } from './discover.js';
export type { OptionName, OptionRow, RawSettings, Settings } from './options.js';
export type { ConnectionSettings, Explanation, Origin } from './resolved-config.js';
export type { ConfigFile } from './sources/config-file.js';
export type { ContainerSummary, ListContainers } from './sources/containers.js';
export type { LocalInstance, RunQlist } from './sources/local-instances.js';
export type { Finding, Source, SourceContext } from './source.js';

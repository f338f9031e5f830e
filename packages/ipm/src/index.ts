export { buildManifest } from './manifest/build-manifest.js';
export { validateManifest } from './validate/validate-manifest.js';
export { fixManifest } from './validate/fix-manifest.js';

export { findFunction } from '../functions/registry.js';

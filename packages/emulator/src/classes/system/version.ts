import type { ClassDefinition, ClassMethod } from '../class-definition.js';

/** What the version text is made of: `IRIS for UNIX (Ubuntu ...) 2025.1 (Build 223U) ...`. */
export interface VersionParts {
  readonly major: number;
  readonly minor: number;
  readonly text: string;
}

/** %SYSTEM.Version, which clients ask for what they talk to. */
export function versionClass({ major, minor, text }: VersionParts): ClassDefinition {
  const constant =
    (value: string | number): ClassMethod =>
    (_process, args) => {
      args.expectAtMost(0);
      return value;
    };
  return {
    name: '%SYSTEM.Version',
    classMethods: {
      GetVersion: constant(text),
      GetMajor: constant(major),
      GetMinor: constant(minor),
      GetPoint: constant(0),
      GetNumber: constant(`${major}.${minor}`),
      GetProduct: constant('IRIS'),
      GetOS: constant('UNIX'),
      GetPlatform: constant('UNIX'),
      GetBuildNumber: constant('emulator'),
      Format: constant(text),
    },
  };
}

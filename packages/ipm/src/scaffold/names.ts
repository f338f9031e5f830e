import { IrisError } from '@iris-devtools/core';

/** `my-app` as a package of classes (`MyApp`) and as a Python name (`my_app`). */
export interface DerivedNames {
  readonly classPackage: string;
  readonly pythonName: string;
}

/** @throws IrisError `IRIS_OPTION` when no name can be made of it. */
export function deriveNames(moduleName: string): DerivedNames {
  const words = moduleName.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const classPackage = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  const pythonName = words.join('_').toLowerCase();
  if (!/^[A-Za-z]/.test(classPackage)) {
    throw new IrisError(`No class package can be made of "${moduleName.slice(0, 80)}"`, {
      code: 'IRIS_OPTION',
      hint: 'Begin the name of the module with a letter.',
    });
  }
  return { classPackage, pythonName };
}

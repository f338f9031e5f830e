import { nativeError } from './native-error.js';
import type { NativeValue, Oref } from '../globals/native-value.js';
import type { IrisProcess } from '../server/iris-process.js';
import type { CallArguments } from './call-arguments.js';
import type { ClassDefinition, ServerObject } from './class-definition.js';

/** Has methods by name without finding those of `Object.prototype`. */
function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The classes of an instance. */
export class ClassRegistry {
  readonly #classes = new Map<string, ClassDefinition>();

  constructor(definitions: readonly ClassDefinition[]) {
    for (const definition of definitions) this.#classes.set(definition.name, definition);
  }

  has(name: string, namespace: string): boolean {
    const definition = this.#classes.get(fullName(name));
    return definition !== undefined && (definition.systemOnly !== true || namespace === '%SYS');
  }

  /** @throws IrisError `<CLASS DOES NOT EXIST>`, `<METHOD DOES NOT EXIST>` and what the method throws */
  async callClassMethod(
    process: IrisProcess,
    className: string,
    method: string,
    args: CallArguments,
  ): Promise<NativeValue> {
    const name = fullName(className);
    const definition = this.#classes.get(name);
    if (definition === undefined || !this.has(name, process.namespace)) {
      throw nativeError('CLASS DOES NOT EXIST', name);
    }
    const found = own(definition.classMethods, method);
    if (found === undefined) throw nativeError('METHOD DOES NOT EXIST', `${method},${name}`);
    return found(process, args);
  }

  /** @throws IrisError `<INVALID OREF>`, `<METHOD DOES NOT EXIST>` and what the method throws */
  async callMethod(
    process: IrisProcess,
    target: Oref,
    method: string,
    args: CallArguments,
  ): Promise<NativeValue> {
    const { definition, state } = process.objects.get(target.id);
    const inherited = own(COMMON_METHODS, method);
    const found = own(definition.methods, method);
    if (found !== undefined) return found(state, process, args);
    if (inherited !== undefined) return inherited(definition, args);
    // A class method can be called through an object, too.
    const classMethod = own(definition.classMethods, method);
    if (classMethod === undefined) throw nativeError('METHOD DOES NOT EXIST', `${method},${definition.name}`);
    return classMethod(process, args);
  }

  /** Whether a name is a method of the object, and not a property. @throws IrisError `<INVALID OREF>` */
  hasMethod(process: IrisProcess, target: Oref, method: string): boolean {
    const { definition } = process.objects.get(target.id);
    return [definition.methods, definition.classMethods, COMMON_METHODS].some(
      (methods) => methods !== undefined && Object.hasOwn(methods, method),
    );
  }

  /** @throws IrisError `<INVALID OREF>`, `<PROPERTY DOES NOT EXIST>` */
  getProperty(process: IrisProcess, target: Oref, name: string): NativeValue {
    const object = process.objects.get(target.id);
    return this.#property(object, name).get(object.state, process);
  }

  /** @throws IrisError `<INVALID OREF>`, `<PROPERTY DOES NOT EXIST>`, `<CANNOT SET THIS PROPERTY>` */
  setProperty(process: IrisProcess, target: Oref, name: string, value: NativeValue): void {
    const object = process.objects.get(target.id);
    const property = this.#property(object, name);
    if (property.set === undefined) {
      throw nativeError('CANNOT SET THIS PROPERTY', `${name},${object.definition.name}`);
    }
    property.set(object.state, value);
  }

  #property({ definition }: ServerObject, name: string) {
    const property = own(definition.properties, name);
    if (property === undefined) throw nativeError('PROPERTY DOES NOT EXIST', `${name},${definition.name}`);
    return property;
  }
}

/** What %Library.RegisteredObject gives every object. */
const COMMON_METHODS: Readonly<
  Record<string, (definition: ClassDefinition, args: CallArguments) => NativeValue>
> = {
  '%ClassName': ({ name }, args) => (args.flag(0, false) ? name : (name.split('.').at(-1) ?? name)),
  '%IsA': (definition, args) => Number(isKindOf(definition, fullName(args.text(0)))),
  '%Extends': (definition, args) => Number(isKindOf(definition, fullName(args.text(0)))),
  '%IsNull': () => 0,
};

function isKindOf({ name, superclasses = [] }: ClassDefinition, asked: string): boolean {
  return name === asked || superclasses.includes(asked) || asked === '%Library.RegisteredObject';
}

/** `%String` is short for `%Library.String`. */
function fullName(name: string): string {
  return name.startsWith('%') && !name.includes('.') ? `%Library.${name.slice(1)}` : name;
}

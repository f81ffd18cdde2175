import { Reader, textMap } from "./readers";

/** A config key, or a field of a key. */
export interface Declaration<T> {
  readonly read: Reader<T>;
  /** The default, as `pulumi config set` takes it. */
  readonly default: string;
  /** Sentences for Pulumi.yaml and the reference. */
  readonly description: string;
}

/** The fields of a key: `ports.jupyterlab` is a field of `ports`. */
export type Fields = Readonly<Record<string, Declaration<unknown>>>;

/** A key whose value has named fields. */
export interface Group<F extends Fields> extends Declaration<Readonly<Record<string, string>>> {
  readonly fields: F;
  /** The word for a field in messages. */
  readonly noun: "key" | "role";
  /** Whether messages show a field's value. */
  readonly isShown: boolean;
}

/** The value of a key or of a field. Fields that are not set are missing. */
export type ValueOf<D> =
  D extends Group<infer F> ? { readonly [K in keyof F]?: ValueOf<F[K]> } : D extends Declaration<infer T> ? T : never;

export function key<T>(read: Reader<T>, otherwise: string, description: string): Declaration<T> {
  return { read, default: otherwise, description };
}

export function group<F extends Fields>(
  description: string,
  fields: F,
  { noun = "key", isShown = true }: Partial<Pick<Group<F>, "noun" | "isShown">> = {},
): Group<F> {
  return { read: textMap, default: "{}", description, fields, noun, isShown };
}

/** @returns undefined for a key without fields. */
export function fieldsOf(declared: Declaration<unknown>): Group<Fields> | undefined {
  return "fields" in declared ? (declared as Group<Fields>) : undefined;
}

import { Fields, Group, ValueOf } from "./declaration";
import { nearestOf, Problem, remove, set, shown } from "./problem";
import { Refusal } from "./readers";

/** Reads the fields of a key. In `values`, a rejected field is undefined and a field that is not set is missing. */
export function readFields<F extends Fields>(
  key: string,
  group: Group<F>,
  given: Readonly<Record<string, string>>,
  show: (text: string) => string,
): { readonly values: ValueOf<Group<F>>; readonly problems: readonly Problem[] } {
  const values: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [name, text] of Object.entries(given)) {
    const field = Object.hasOwn(group.fields, name) ? group.fields[name] : undefined;
    if (field === undefined) {
      problems.push(unknownField(key, group, name));
      continue;
    }
    const value = field.read(text);
    if (value instanceof Refusal) {
      problems.push(refused(`${key}.${name}`, group.isShown ? show(text) : "(not shown)", value));
    }
    values[name] = value instanceof Refusal ? undefined : value;
  }
  return { values: values as ValueOf<Group<F>>, problems };
}

/** The problem of a rejected key or, as `key.field`, of a rejected field. */
export function refused(name: string, value: string, { allowed, suggestion, step }: Refusal): Problem {
  return { key: name, value, allowed, fix: [step ?? (suggestion === "" ? remove(name) : set(name, suggestion))] };
}

function unknownField(key: string, { fields, noun }: Group<Fields>, name: string): Problem {
  const names = Object.keys(fields);
  const isPlain = /^[\w-]{1,60}$/.test(name);
  return {
    key: `${key}.${isPlain ? name : shown(name)}`,
    value: `no such ${noun}`,
    allowed: `the nearest is ${nearestOf(name, names)}; ${noun === "key" ? `${key} has` : `${noun}s are`} ${names.join(", ")}`,
    fix: [remove(isPlain ? `${key}.${name}` : key)],
  };
}

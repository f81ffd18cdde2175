import { Declaration, fieldsOf } from "../../config/declaration";
import { keys, plainKeys, schema } from "../../config/schema";
import { OutputName, outputs } from "../outputs";
import { SparkClusterArgs } from "../sparkClusterArgs";

/** A type in a schema of Pulumi packages. */
export interface TypeSpec {
  readonly type?: "string" | "integer" | "boolean" | "array" | "object";
  readonly items?: TypeSpec;
  readonly additionalProperties?: TypeSpec;
  readonly oneOf?: readonly TypeSpec[];
  readonly $ref?: string;
  /** Whether a program has to give a plain value, not an output. */
  readonly plain?: boolean;
}

/** A property in a schema of Pulumi packages. */
export interface PropertySpec extends TypeSpec {
  readonly description: string;
  readonly secret?: boolean;
}

/** What package.json says of the package. */
export interface Manifest {
  readonly version: string;
  readonly description: string;
}

type Properties = Readonly<Record<string, PropertySpec>>;

/** The token of the component. */
export const token = "spark-cluster:index:SparkCluster";

/** The arguments that are not keys of the configuration. */
const ownArguments: Readonly<Record<Exclude<keyof SparkClusterArgs, keyof typeof schema>, PropertySpec>> = {
  id: {
    type: "string",
    plain: true,
    description: "The cluster's name on its engine. The default is PROJECT-STACK-NAME.",
  },
  host: {
    type: "string",
    plain: true,
    description: "Address of the engine. The default is docker:host, else DOCKER_HOST, else the engine's own socket.",
  },
};

/** The types of the keys, by their type in TypeScript. */
const typesOf: Readonly<Record<string, TypeSpec>> = {
  string: { type: "string" },
  number: { type: "integer" }, // all numbers among the keys are whole
  boolean: { type: "boolean" },
  "Input<string>[]": { type: "array", items: { type: "string" } },
  "Record<string, Input<string | number | boolean>>": { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } },
};

/**
 * The schema's type for a type of TypeScript. Words are strings: the component checks them, and reports all problems at once.
 *
 * @throws an Error for a type that is not among those of the keys.
 */
export function typeOf(type: string): TypeSpec {
  const known = typesOf[type];
  if (known !== undefined) {
    return known;
  }
  const names = new Set(type.split(" | ").map((each) => (/^"[^"]+"$/.test(each) ? "string" : each)));
  const choices = [...names].map((name) => typesOf[name]).filter((each) => each !== undefined);
  const [only] = choices;
  if (only === undefined || choices.length < names.size) {
    throw new Error(`The schema of the package has no type for ${type}.`);
  }
  return choices.length === 1 ? only : { oneOf: choices };
}

function propertyOf({ read, default: usual, description }: Declaration<unknown>): PropertySpec {
  const isShown = !["", "{}", "[]"].includes(usual);
  return { ...typeOf(read.type ?? "string"), description: isShown ? `${description} The default is ${usual}.` : description };
}

/** A type whose values have to be plain. */
function plain({ oneOf, ...type }: TypeSpec): TypeSpec {
  return oneOf === undefined ? { ...type, plain: true } : { ...type, oneOf: oneOf.map(plain) };
}

/**
 * The package as Pulumi describes it to programs in other languages, with the keys of config/schema.ts. Pulumi's analyzer of
 * components cannot make it, because it rejects arguments of more than one type.
 */
export function packageSchema({ version, description }: Manifest): object {
  const inputProperties: Record<string, PropertySpec> = { ...ownArguments };
  const types: Record<string, { readonly type: "object"; readonly properties: Properties; readonly description: string }> = {};
  for (const key of keys) {
    const declared: Declaration<unknown> = schema[key];
    const group = fieldsOf(declared);
    if (group === undefined) {
      const property = propertyOf(declared);
      inputProperties[key] = plainKeys.some((each) => each === key) ? { ...property, ...plain(property) } : property;
    } else if (group.noun === "role") {
      // A map, because languages would rename a field such as history-server.
      const fields = Object.keys(group.fields).join(", ");
      const described = `${declared.description} Roles are ${fields}.`;
      inputProperties[key] = { type: "object", additionalProperties: { type: "string" }, description: described };
    } else {
      const of = `spark-cluster:index:${key.charAt(0).toUpperCase()}${key.slice(1)}`;
      const properties = Object.fromEntries(Object.entries(group.fields).map(([name, field]) => [name, propertyOf(field)]));
      types[of] = { type: "object", properties, description: declared.description };
      inputProperties[key] = { $ref: `#/types/${of}`, description: declared.description };
    }
  }
  const required = ["sparkMaster", "sparkUi", "jupyterlab", "workers"] satisfies OutputName[];
  const component = { isComponent: true, description, inputProperties, properties: outputs, required };
  return { name: "spark-cluster", version, description, types, resources: { [token]: component } };
}

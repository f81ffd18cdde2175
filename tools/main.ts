// The commands behind the Makefile. Their messages go to stderr, their results to stdout. A command's module is loaded when the
// command runs, because Pulumi's SDK takes most of a second.
import { Argument, Command, CommanderError, Option } from "commander";

import { engineKinds } from "../engine/engine";
import { given } from "../engine/given";
import type { Selection, SuiteName } from "./checks/test";
import { Failure } from "./failure";
import { endWithReader } from "./programs";
import type { OpenStack } from "./stack/openStack";

const program = new Command("tools/spark-cluster")
  .description("Runs a Spark cluster with JupyterLab.")
  .enablePositionalOptions()
  .exitOverride();

/** The options of the commands on a stack. Each command declares those that it takes. */
interface OnStack {
  readonly stack: string;
  readonly engine?: string;
  readonly role: string;
  readonly follow: boolean;
  readonly yes: boolean;
  readonly image: string;
}

interface OnSubmit extends Pick<OnStack, "stack"> {
  readonly main: string;
  readonly option: readonly string[];
  readonly env: readonly string[];
  readonly options: string;
  readonly variables: string;
  readonly args: string;
}

/** The values of an option that may be given several times. */
function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function stackCommand(usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option("--stack <name>", "the stack", given("PULUMI_STACK") ?? "dev");
}

/** Commands that create the stack if there is none. */
const creating = ["up", "build", "publish", "release", "pin"];

/** Opens the stack that a command's options name. */
async function opened(command: string, { stack, engine }: OnStack): Promise<OpenStack> {
  const { openStack } = await import("./stack/openStack");
  return openStack(stack, { create: creating.includes(command), kind: engine });
}

/** A command on a stack. The loaded function takes the opened stack and the options. */
function onStack(
  name: string,
  description: string,
  load: () => Promise<(stack: OpenStack, options: OnStack) => Promise<void> | void>,
): Command {
  return stackCommand(name, description).action(async (options: OnStack) => {
    const run = await load();
    await run(await opened(name, options), options);
  });
}

const kind = new Option("--engine <kind>", "the kind of engine of a new stack; another stack has to be on it").choices(
  engineKinds,
);

/** A command of the project, on no stack. */
function ofProject(usage: string, description: string, load: () => Promise<() => void>): void {
  program
    .command(usage)
    .description(description)
    .action(async () => {
      const run = await load();
      run();
    });
}

onStack(
  "up",
  "brings the cluster up, or makes it what the configuration says",
  async () => (await import("./commands/up")).up,
).addOption(kind);
onStack("down", "removes the cluster; images and data stay", async () => (await import("./commands/down")).down).addOption(kind);
onStack("build", "builds the images, and nothing else", async () => (await import("./commands/build")).build).addOption(kind);
onStack("status", "shows the containers, workers and applications", async () => (await import("./commands/status")).status);
onStack("logs", "shows what the containers wrote", async () => (await import("./commands/logs")).logs)
  .option("--role <role>", "one role; all by default", "")
  .option("--follow", "go on with what they write from now on", false);
stackCommand("submit", "runs an application on the cluster, and ends with its exit code")
  .option("--main <file>", "the file that runs, in a folder or a zip", "")
  .option("--option <word>", "a word of spark-submit's options", collected, [])
  .option("--env <name>", "an environment variable of this shell that the application gets", collected, [])
  .option("--options <text>", "words of spark-submit's options in one text, as OPTIONS of make submit", "")
  .option("--variables <text>", "the same for --env, as ENV of make submit", "")
  .option("--args <text>", "the same for the application's arguments, as ARGS of make submit", "")
  .argument(
    "[app]",
    "a script, a notebook, a jar, a folder or a zip of this machine, a path of the shared volume, or local:///path in the container",
    "",
  )
  .argument("[args...]", "its arguments")
  .passThroughOptions()
  .action(async (app: string, words: readonly string[], { stack, main, option, env, options, variables, args }: OnSubmit) => {
    const [{ submit }, { wordsOf }] = await Promise.all([import("./commands/submit"), import("./submission/words")]);
    await submit(stack, {
      app,
      main,
      args: [...wordsOf("ARGS", args), ...words],
      options: [...wordsOf("OPTIONS", options), ...option],
      env: [...wordsOf("ENV", variables), ...env],
    });
  });
onStack("shell", "opens a PySpark shell on the cluster", async () => (await import("./commands/shell")).shell);
stackCommand("env", "prints what a shell needs for a bare pulumi").action(async ({ stack }: OnStack) => {
  const { env } = await import("./commands/env");
  env(stack);
});
onStack("sweep", "clears what a killed run left half-made", async () => (await import("./stack/sweep")).sweep);
onStack(
  "purge",
  "deletes the data that a cluster left, after a confirmation",
  async () => (await import("./commands/purge")).purge,
).option("--yes", "confirm", false);
stackCommand("rotate", "generates another token of JupyterLab, or another secret of Spark's RPC")
  .addArgument(new Argument("<what>", "what is generated").choices(["token", "secret"]))
  .action(async (what: "token" | "secret", options: OnStack) => {
    const { rotate } = await import("./commands/rotate");
    await rotate(await opened("rotate", options), what);
  });
onStack("publish", "pushes the images to the stack's registry", async () => (await import("./commands/publish")).publish);
onStack("release", "publishes the images and the npm package", async () => (await import("./commands/release")).release);
onStack("pin", "holds the base image to the digest that its registry has now", async () => (await import("./commands/pin")).pin);
onStack("sbom", "writes what the images are made of into sbom/", async () => (await import("./commands/sbom")).sbom).option(
  "--image <name>",
  "one image; all by default",
  "",
);
onStack("audit", "queries the advisory sources about all that is pinned", async () => (await import("./checks/audit")).audit);
stackCommand(
  "prune-images",
  "removes this project's unused images, and prints the command that frees Docker's build cache",
).action(async ({ stack }: OnStack) => {
  const { pruneImages } = await import("./commands/pruneImages");
  await pruneImages(stack);
});

ofProject("setup", "installs what a bare pulumi needs, except an engine", async () => (await import("./machine/machine")).setup);
program
  .command("test")
  .description("runs suites of tests")
  .addArgument(new Argument("<suites...>", "the suites").choices(["unit", "lint", "core", "extended"] satisfies SuiteName[]))
  .option("--files <pattern>", "files of core and extended: life|tour", "")
  .option("--names <pattern>", "a part of the tests' names", "")
  .option("--lanes <number>", "files that run at the same time", "2")
  .action(async (suites: readonly SuiteName[], selection: Selection) => {
    const { test } = await import("./checks/test");
    test(suites, selection);
  });
ofProject("lint", "checks types, style, Dockerfiles and shell scripts", async () => (await import("./checks/lint")).lint);
ofProject(
  "readme",
  "writes the keys into Pulumi.yaml, the reference and the arguments of the component",
  async () => (await import("./commands/readme")).readme,
);
ofProject("lock", "locks the Python packages of the .in files", async () => (await import("./commands/lock")).lock);
stackCommand("add-spark", "adds a version of Spark: its lock file and the checksums of its jars for S3")
  .argument("<version>", "a version of PyPI's pyspark, such as 4.3.0")
  .action(async (version: string, { stack }: OnStack) => {
    const { addSpark } = await import("./commands/addSpark");
    await addSpark(version, stack);
  });
onStack("catalog-schema", "prints the catalog's tables", async () => (await import("./commands/catalogSchema")).catalogSchema);

/** What a user reads of an error, and the exit code. */
function explained(error: unknown): readonly [message: string, exitCode: number] {
  if (error instanceof CommanderError) {
    return ["", error.exitCode]; // commander has printed it
  }
  if (error instanceof Failure) {
    return [error.message, error.exitCode];
  }
  const message = error instanceof Error ? error.message : String(error);
  // The Automation API puts what Pulumi printed among its own words.
  const ofPulumi = /^error: .*/ms.exec(message)?.[0].replace(/^ err\?: .*/ms, "");
  return [ofPulumi ?? message, 1];
}

endWithReader();
program.parseAsync().catch((error: unknown) => {
  const [message, exitCode] = explained(error);
  if (message !== "") {
    console.error(message);
  }
  process.exitCode = exitCode;
});

import { buildKitClient, buildOptions, buildWith, lastWordsOf } from "../../engine/builds";
import { clientCommand, lastLines } from "../../engine/cli";
import { buildSecretsOf, writeBuildSecrets } from "../../images/buildSecrets";
import { ImageName, imageNames, planImages } from "../../images/plan";
import { clusterContainers, networksWith, othersOn } from "./containers";
import { configOf, OpenStack } from "./openStack";

/** What Pulumi reports about one resource. */
export interface Diagnostic {
  readonly urn: string;
  readonly message: string;
}

/**
 * Explains a failed `pulumi up`. The provider reports only the exit code of a failed build, so the image is built again, up to the
 * same step, to get its output. For containers that do not stay up, the last log lines are printed.
 */
export async function explainFailure(stack: OpenStack, diagnostics: readonly Diagnostic[]): Promise<void> {
  const failedBuilds = diagnostics.filter(({ message }) => message.includes("Error running legacy build"));
  for (const image of imageNames.filter((name) => failedBuilds.some(({ urn }) => urn.endsWith(`::spark-image-${name}`)))) {
    await explainBuild(stack, image);
  }
  new Set(diagnostics.flatMap((diagnostic) => overLimit(diagnostic) ?? [])).forEach((words) => {
    console.error(words);
  });
  explainContainers(stack);
}

/** Why a running container does not take a lower limit, by what runc says with cgroups version 1. */
function overLimit({ urn, message }: Diagnostic): string | undefined {
  const [, limit, usage] = /unable to set memory limit to (\d+) \(current usage: (\d+)/.exec(message) ?? [];
  if (limit === undefined || usage === undefined) {
    return undefined;
  }
  const shown = (bytes: string) => `${String(Math.ceil(Number(bytes) / 1024 ** 2))} MiB`;
  const resource = urn.split("::").at(-1) ?? "";
  const fix = /-(jupyterlab|worker)-/.test(resource)
    ? "Shut down kernels in JupyterLab, then run make up again"
    : "Run make down, then make up";
  return `\n${resource} uses ${shown(usage)} of memory, more than its new limit, ${shown(limit)}. ${fix}.`;
}

/** The name of a stack's build secrets while a failed build is repeated. */
export function explaining(stack: string): string {
  return `${stack}+explain`; // no stack can have this name
}

async function explainBuild(stack: OpenStack, image: ImageName): Promise<void> {
  const client = buildKitClient();
  if (client === undefined) {
    console.error(`To see the output of the failed step of image ${image}, install docker-buildx and run make up again.`);
    return;
  }
  const config = configOf(stack);
  const { context, buildArgs } = planImages(config.images)[image];
  const name = explaining(stack.name);
  writeBuildSecrets(name, config);
  const options = buildOptions({ buildArgs, secrets: buildSecretsOf(name) });
  // Not with spawnSync: a program that waits does not hear Ctrl-C, and would not delete the build secrets.
  const { error, output } = await buildWith(client, stack.engine, "--progress", "plain", ...options, context);
  if (error === null) {
    console.error(`\nThe build of image ${image}, ${context}/Dockerfile, failed, and has now succeeded. Run make up again.`);
    return;
  }
  console.error(`\nThe build of image ${image}, ${context}/Dockerfile, wrote last:\n${lastWordsOf(output)}`);
  if (error.killed === true) {
    console.error("The build was repeated for this output, and ended after ten minutes.");
  }
  if (/no space left on device/i.test(output)) {
    console.error(
      "\nThe engine's disk is full. make prune-images removes images that no container uses and that are older than an hour, and " +
        "prints the command that frees Docker's build cache.",
    );
  }
}

/** Explains a failed `pulumi destroy`: an engine removes no network on which there are containers of others. */
export function explainDestroy(stack: OpenStack): void {
  for (const network of networksWith(stack.engine, "stack", stack.name)) {
    const names = othersOn(network, stack).map(({ name }) => name);
    if (names.length > 0) {
      const client = clientCommand(stack.engine, "network", "disconnect", "--force", network.slice(0, 12)).join(" ");
      const commands = names.map((name) => `  ${client} ${name}`).join("\n");
      console.error(`\nOther containers are on the cluster's network. Take them off, and run make down again:\n${commands}`);
    }
  }
}

function explainContainers(stack: OpenStack): void {
  for (const container of clusterContainers(stack)) {
    // A swarm keeps its stopped containers as history.
    if (container.status !== "running" && !container.ofSwarm) {
      console.error(`\n${container.name} is ${container.status}. It wrote last:\n${lastLines(stack.engine, container.id)}`);
    }
  }
}

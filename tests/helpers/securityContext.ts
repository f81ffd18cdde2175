import { OpenNotebook } from "../../testbed/openNotebook";
import { Inspected } from "../../testbed/inspected";
import { TestStack } from "../../testbed/testStack";
import { Cluster } from "./cluster";

/** A session with an executor on both workers, in which a text stays a text on its way: compressed, it would not be found on the wire. */
const openSession = `
import time
from pyspark.sql import SparkSession
spark = SparkSession.builder.config("spark.broadcast.compress", "false").config("spark.shuffle.compress", "false") \\
    .config("spark.rdd.compress", "false").getOrCreate()
sc = spark.sparkContext
deadline = time.time() + 300
while len({e.host() for e in sc._jsc.sc().statusTracker().getExecutorInfos()}) < 3:
    assert time.time() < deadline
    time.sleep(0.2)
print(sc.applicationId, sc._jsc.sc().uiWebUrl().get())
`;

export type SecurityContext = ReturnType<typeof openSecurityContext>;

/** What the promises of security look at. The notebook is closed at the end of the `describe` that this is called in. */
export function openSecurityContext(cluster: Cluster) {
  let notebook: OpenNotebook | undefined;
  afterAll(() => notebook?.close());
  return {
    containers: cluster.shared("the look at the containers", (stack) => stack.containers()),
    /** All generated secrets, by the end of their resource's name. */
    secrets: cluster.shared("the look at the secrets", generatedSecrets),
    /** A notebook that stays open while tests look at it from outside, its application, and the address of its own pages. */
    session: cluster.shared("the session of the notebook", async (stack) => {
      notebook = new OpenNotebook(stack, 1800);
      const [application = "", url = ""] = (await notebook.run(openSession)).trim().split(" ");
      const { jupyterlab } = await stack.containers();
      return { notebook, application, pages: new URL(url.replace("jupyterlab", addressOf(stack, jupyterlab!))) };
    }),
  };
}

/** The address of a container in the stack's network, as the engine's machine reaches it. */
export function addressOf(stack: TestStack, container: Inspected): string {
  return container.NetworkSettings.Networks[stack.nameOf("network")]!.IPAddress;
}

/** The names of the secrets that are in a text. */
export function heldIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.keys(secrets).filter((name) => text.includes(secrets[name]!));
}

async function generatedSecrets(stack: TestStack): Promise<Record<string, string>> {
  const { deployment } = JSON.parse(await stack.pulumi("stack", "export", "--show-secrets")) as {
    deployment: { resources: { urn: string; outputs?: { output?: { plaintext?: string } } }[] };
  };
  return Object.fromEntries(
    deployment.resources
      .filter(({ urn }) => urn.includes(":Stash::") && !urn.endsWith("-home"))
      .map(({ urn, outputs }) => [urn.replace(/.*::spark-/, ""), JSON.parse(outputs?.output?.plaintext ?? "") as string]),
  );
}

export async function masterState(stack: TestStack): Promise<MasterState> {
  return (await (await fetch(new URL("/json/", (await stack.outputs()).sparkUi))).json()) as MasterState;
}

interface MasterState {
  readonly workers: readonly { readonly state: string }[];
  readonly activeapps: readonly Readonly<Record<"id" | "name" | "state", string>>[];
  readonly completedapps: MasterState["activeapps"];
  readonly activedrivers: readonly unknown[];
  readonly completeddrivers: readonly unknown[];
}

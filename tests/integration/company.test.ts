import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { ImageName, imagesOf, planImages } from "../../images/plan";
import { CompanyNetwork } from "./helpers/companyNetwork";
import { SecondEngine, startSecondEngine, stopSecondEngines } from "./helpers/secondEngine";
import { isFirstEngine, once } from "./helpers/testedEngine";
import { TestStack } from "./helpers/testStack";

const baseImage = "docker.io/library/debian:bookworm-slim";

describe("a company's machine: another engine, mirrors and a proxy with passwords, a certificate of its own", () => {
  let second: SecondEngine;
  let network: CompanyNetwork;
  let stack: TestStack;
  let plan: ReturnType<typeof planImages>;

  /** What is built there. The first two have all that an engine does in its own way, and the others take as long again. */
  const imageNames: readonly ImageName[] = isFirstEngine ? imagesOf({ sizes: { catalog: "session" } }) : ["base", "spark-base"];

  beforeAll(async () => {
    second = await startSecondEngine();
    network = await CompanyNetwork.start(second.address);
    stack = await TestStack.make({
      engine: second.engine,
      config: { workers: "1", caCertificates: network.certificates, noProxy: network.noProxy },
    });
    await stack.setAll(
      { "extraJars[0]": network.jar },
      {
        pipIndexUrl: `${network.mirrorUrl}/simple`,
        aptMirror: network.mirrorUrl,
        mavenMirror: `${network.mirrorUrl}/maven`,
        httpProxy: network.proxyUrl,
      },
    );
    plan = planImages({
      baseImage,
      rebuild: "",
      sparkVersion: "4.1.4",
      extraPythonPackages: [],
      extraJars: [network.jar],
      s3: false,
    });
  });

  afterAll(async () => {
    await TestStack.destroyAll();
    await CompanyNetwork.stopAll();
    await stopSecondEngines();
  });

  test("the images are built there, with packages from the mirrors and through the proxy", async () => {
    expect((await stack.getBaseImage(baseImage)).code).toBe(0);
    await stack.buildImages(...imageNames);
    expect(network.requests.apt).toBeGreaterThan(0);
    expect(network.requests.pip).toBeGreaterThan(0);
    expect(network.requests.maven).toBeGreaterThan(0);
    expect(network.requests.proxy).toBeGreaterThan(0);
  });

  once(() => {
    test("the cluster comes up there", async () => {
      expect(await stack.up()).toContain("A job ran on all 1 workers and gave the right answer.");
      expect(await stack.pendingChanges()).toBe("");
    });
  });

  test("its images have the tags that they have everywhere", async () => {
    const tags = (await stack.ask("images", "--format", "{{.Repository}}:{{.Tag}}")).split("\n");
    imageNames.forEach((image) => {
      expect(tags).toContain(plan[image].reference);
    });
  });

  test("no password is in an image, in its history, in a container or in plain state", async () => {
    const ids = (await stack.ask("images", "--quiet", "--filter", "label=spark-cluster.image")).split("\n").filter(Boolean);
    expect(ids.length).toBeGreaterThanOrEqual(imageNames.length);
    const told = [
      ...(await Promise.all(ids.map((id) => stack.ask("history", "--no-trunc", id)))),
      await stack.ask("inspect", ...ids),
      JSON.stringify(await stack.containers()),
      await stack.pulumi("stack", "export"),
      ...textsUnder(stack.stateFolder),
      readFileSync(join(stack.folder, `Pulumi.${stack.name}.yaml`), "utf8"),
    ].join("\n");
    for (const password of [network.mirrorPassword, network.proxyPassword]) {
      expect(told.includes(password)).toBe(false);
      const grep = `grep --recursive --files-with-matches --exclude-dir=proc --exclude-dir=sys ${password} / 2>/dev/null || true`;
      const found = await stack.ask(
        "run",
        "--rm",
        "--network=none",
        "--user=0",
        plan[isFirstEngine ? "jupyterlab" : "spark-base"].reference,
        "sh",
        "-c",
        grep,
      );
      expect(found).toBe("");
    }
    expect(readdirSync(stack.folder)).not.toContain(join(".build", stack.name));
  });

  once(() => {
    test("Python and Java inside trust the company's certificate", async () => {
      const output = await stack.python(`
import urllib.request, urllib.error
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
try:
    urllib.request.urlopen("${network.plainUrl}")
except urllib.error.HTTPError as error:
    print("python", error.code)
print("java", spark._jvm.java.net.URL("${network.plainUrl}").openConnection().getResponseCode())
`);
      expect(output).toContain("python 401");
      expect(output).toContain("java 401");
    });

    test("the stack refuses to be pointed at another engine", async () => {
      await stack.pulumi("config", "set", "docker:host", "unix:///nowhere/engine.sock");
      const { code, output } = await stack.tryPulumi("preview");
      await stack.pulumi("config", "set", "docker:host", second.engine.host);
      expect(code).not.toBe(0);
      expect(output).toContain(`this stack lives on the engine ${second.engine.host}`);
      expect((await stack.make("status")).code).toBe(0);
    });

    test("down takes it away there", async () => {
      await stack.must("down");
      expect(await stack.ids()).toEqual({});
    });
  });
});

function textsUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, "utf8"));
}

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { TestStack } from "../../testbed/testStack";
import { CompanyLife } from "../helpers/companyLife";

export const built = "the images are built on a company's machine, with packages from its mirrors and through its proxy";

/** What the build of a company's images keeps to itself. */
export function company(life: CompanyLife, build: (stack: TestStack) => Promise<void>): void {
  life.step(built, async (stack) => {
    await build(stack);
    const { requests } = life.network;
    expect(Object.entries(requests).filter(([, count]) => count === 0)).toEqual([]);
  });

  const tagged = "its images have the tags that they have everywhere";
  life.step(tagged, built, async (stack) => {
    const tags = (await stack.ask("images", "--format", "{{.Repository}}:{{.Tag}}")).split("\n");
    expect(tags).toEqual(expect.arrayContaining(life.images.map((image) => life.plan[image].reference)));
  });

  life.step(
    "no password of a company's is in an image, in its history, in a container or in plain state",
    tagged,
    async (stack) => {
      const passwords = [life.network.mirrorPassword, life.network.proxyPassword];
      const ids = (await stack.ask("images", "--quiet", "--filter", "label=spark-cluster.image")).split("\n").filter(Boolean);
      expect(ids.length).toBeGreaterThanOrEqual(life.images.length);
      const texts = [
        ...(await Promise.all(ids.map((id) => stack.ask("history", "--no-trunc", id)))),
        await stack.ask("inspect", ...ids),
        JSON.stringify(await stack.containers()),
        await stack.pulumi("stack", "export"),
        ...textsUnder(stack.stateFolder),
        readFileSync(stack.file, "utf8"),
      ].join("\n");
      expect(passwords.filter((password) => texts.includes(password))).toEqual([]);
      const { reference } = life.plan[life.images.includes("jupyterlab") ? "jupyterlab" : "spark-base"];
      const patterns = passwords.map((password) => `-e ${password}`).join(" ");
      const grep = `grep --recursive --files-with-matches --exclude-dir=proc --exclude-dir=sys ${patterns} / 2>/dev/null || true`;
      expect(await stack.ask("run", "--rm", "--network=none", "--user=0", reference, "sh", "-c", grep)).toBe("");
      expect(existsSync(join(stack.folder, ".build", stack.name))).toBe(false);
    },
  );
}

/** What a cluster of a company's images is like. */
export function companyCluster(life: CompanyLife): void {
  life.step("Python and Java inside trust the company's certificate", built, async (stack) => {
    const output = await stack.python(`
import urllib.request, urllib.error
from pyspark import SparkContext
try:
    urllib.request.urlopen("${life.network.plainUrl}")
except urllib.error.HTTPError as error:
    print("python", error.code)
SparkContext._ensure_initialized() # the driver's JVM, without a session
print("java", SparkContext._jvm.java.net.URL("${life.network.plainUrl}").openConnection().getResponseCode())
`);
    expect(output).toContain("python 401");
    expect(output).toContain("java 401");
  });

  life.step("the stack refuses to be pointed at another engine", built, async (stack) => {
    await stack.set("docker:host", "unix:///nowhere/engine.sock");
    const { code, output } = await stack.tryPulumi("preview");
    await stack.set("docker:host", stack.engine.host);
    expect(code).not.toBe(0);
    expect(output).toContain(`this stack lives on the engine ${stack.engine.host}`);
    expect((await stack.make("status")).code).toBe(0);
  });

  life.step("down takes the cluster away from the other engine", built, async (stack) => {
    await stack.must("down");
    expect(await stack.ids()).toEqual({});
  });
}

function textsUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, "utf8"));
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Engine } from "../../engine/engine";
import { ImageName, imagesOf, planImages } from "../../images/plan";
import { clusterConfig } from "../unit/helpers/stackConfig";
import { Registry } from "./helpers/registry";
import { startRootlessPodman, stopRootlessPodmans } from "./helpers/rootlessPodman";
import { once, testedEngine } from "./helpers/testedEngine";
import { TestStack } from "./helpers/testStack";

const imageNames = imagesOf({ sizes: { catalog: "session" } });
const plan = planImages(clusterConfig().images);
const architecture = process.arch === "x64" ? "amd64" : process.arch;
const publishedTag = (image: ImageName) => `${plan[image].tag}-${architecture}`;

describe("images that one stack publishes and another pulls", () => {
  let registry: Registry;
  let publisher: TestStack;
  let user: TestStack;

  async function registered(stack: TestStack, password = registry.password): Promise<void> {
    await stack.set("imageRegistry", `${registry.address}/team`);
    await stack.set("registryUser", registry.user);
    await stack.pulumi("config", "set", "--secret", "registryPassword", password);
  }

  /**
   * An engine that has none of the images: a Podman without root; Docker keeps what it built in a cache of its own, so that its
   * images can be removed.
   */
  async function engineWithoutImages(): Promise<Engine> {
    if (testedEngine.kind === "podman") {
      return startRootlessPodman();
    }
    const names = (await publisher.ask("images", "--format", "{{.Repository}}:{{.Tag}}")).split("\n");
    const ours = names.filter((name) => imageNames.some((image) => name.includes(plan[image].tag)));
    await publisher.ask("rmi", "--force", ...ours);
    return testedEngine;
  }

  beforeAll(async () => {
    registry = await Registry.start();
    publisher = await TestStack.make();
    await registered(publisher);
  });

  afterAll(async () => {
    await TestStack.destroyAll();
    await stopRootlessPodmans();
    await Registry.stopAll();
  });

  test("make build and make publish start nothing; all images are pushed under their content's tags, and their digests locked", async () => {
    await publisher.must(`build-${testedEngine.kind}`);
    await publisher.must("publish");
    expect(await publisher.containerCount()).toBe(0);
    const locked = JSON.parse(readFileSync(join(publisher.folder, "images.lock.json"), "utf8")) as Record<string, string>;
    expect(Object.keys(locked)).toHaveLength(imageNames.length);
    for (const image of imageNames) {
      const digest = await registry.digest(`team/spark-cluster-${image}`, publishedTag(image));
      expect(digest).toMatch(/^sha256:/);
      expect(locked[`${registry.address}/team/spark-cluster-${image}:${publishedTag(image)}`]).toBe(digest);
    }
  });

  test("a stack on an engine without images comes up from the registry, and nothing is built", async () => {
    user = await TestStack.make({ beside: publisher, engine: await engineWithoutImages(), config: { workers: "1" } });
    await user.set("imageSource", "pull");
    await registered(user);
    expect(await user.must(`run-${testedEngine.kind}`)).toContain("A job ran on all 1 workers and gave the right answer.");
    const images = await user.ask("images", "--format", "{{.Repository}}:{{.Tag}}");
    imageNames.forEach((image) => {
      expect(images).not.toContain(plan[image].reference);
    });
    const { jupyterlab } = await user.containers();
    const digests = await user.ask("image", "inspect", "--format", "{{json .RepoDigests}}", jupyterlab!.Image);
    expect(digests).toContain(await registry.digest("team/spark-cluster-jupyterlab", publishedTag("jupyterlab")));
    expect(await user.pendingChanges()).toBe("");
  });

  test("images that are there are not pulled again", async () => {
    await registry.pause();
    await user.set("workers", "2");
    await user.bareUp();
    expect((await user.make("status")).output).toContain("2 workers");
    await registry.resume();
  });

  test.each([
    ["a missing tag", { imageTag: "v9" }, /has no .*spark-cluster-base:v9: make publish/],
    ["a refused login", { imageTag: "v9", registryPassword: "wrong" }, /lets nobody pull .* as publisher: pulumi config set/],
    [
      "a wrong registry",
      { imageRegistry: "127.0.0.1:9/team" },
      /127\.0\.0\.1:9 could not be asked .*: pulumi config set imageRegistry/,
    ],
  ])("%s is one clear error, and the cluster that runs stays as it is", async (_what, config, message) => {
    const before = await user.ids();
    for (const [key, value] of Object.entries(config)) {
      await user.pulumi("config", "set", ...(key === "registryPassword" ? ["--secret"] : []), key, value);
    }
    const { code, output } = await user.tryPulumi("up", "--yes", "--skip-preview");
    await user.pulumi("config", "rm", "imageTag");
    await registered(user);
    expect(code).not.toBe(0);
    const diagnostics = output.slice(output.indexOf("Diagnostics:"));
    expect(diagnostics).toMatch(message);
    expect(diagnostics.match(/the registry /g)).toHaveLength(1);
    expect(await user.ids()).toEqual(before);
    expect((await user.make("status")).code).toBe(0);
  });

  once(() => {
    test("a tag of the user's own is published and pulled", async () => {
      await publisher.set("imageTag", "v1");
      await publisher.must("publish");
      await user.set("imageTag", "v1");
      await user.bareUp();
      expect(await registry.digest("team/spark-cluster-jupyterlab", "v1")).toMatch(/^sha256:/);
      expect(await user.pendingChanges()).toBe("");
    });
  });

  test("the registry keeps the images when the stacks go, and no password is left in plain sight", async () => {
    const state = await user.pulumi("stack", "export");
    const containers = JSON.stringify(await user.containers());
    await user.must(`stop-${testedEngine.kind}`);
    await publisher.must("down");
    for (const image of imageNames) {
      expect(await registry.digest(`team/spark-cluster-${image}`, publishedTag(image))).toMatch(/^sha256:/);
    }
    expect([state, containers].some((text) => text.includes(registry.password))).toBe(false);
  });
});

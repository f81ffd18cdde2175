import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ImageName, imagesOf, PlannedImage } from "../../images/plan";
import { Registry } from "../../testbed/servers/registry";
import { TestStack, TestStackOptions } from "../../testbed/testStack";
import { clusterConfig } from "../../testbed/stackConfig";
import { Life } from "../helpers/life";

/** The life of a stack that shares the publisher's checkout. It is made when there is something to pull. */
export class UserLife extends Life {
  constructor(
    private readonly publisher: Life,
    private readonly optionsAfter: (publisher: TestStack) => Promise<TestStackOptions>,
  ) {
    super();
  }

  protected override async makeStack(): Promise<TestStack> {
    this.publisher.need(publishing);
    const beside = await this.publisher.stack();
    return TestStack.make({ beside, ...(await this.optionsAfter(beside)) });
  }
}

/** Images that one stack publishes and another pulls, on an engine that has none of them. */
interface Publication {
  readonly publisher: Life;
  readonly user: UserLife;
  readonly registry: () => Promise<Registry>;
  /** The images as both stacks name them. */
  readonly plan: () => Readonly<Record<ImageName, PlannedImage>>;
}

const imageNames = imagesOf(clusterConfig());
const architecture = process.arch === "x64" ? "amd64" : process.arch;

export const publishing =
  "make build and make publish start nothing; all images are pushed under their content's tags, and their digests locked";
const pulled = "a stack on an engine without images comes up from the registry, and nothing is built";

/** Of these the publisher's steps come first. */
export function published({ publisher, user, registry, plan }: Publication): void {
  publisher.step(publishing, async (stack) => {
    await register(stack, await registry());
    await stack.must(`build-${stack.engine.kind}`);
    await stack.must("publish");
    expect(await stack.containerCount()).toBe(0);
    const { address } = await registry();
    const locked = JSON.parse(readFileSync(join(stack.folder, "images.lock.json"), "utf8")) as Record<string, string>;
    expect(Object.keys(locked)).toHaveLength(imageNames.length);
    for (const image of imageNames) {
      const digest = await digestOf(await registry(), plan(), image);
      expect(digest).toMatch(/^sha256:/);
      expect(locked[`${address}/team/spark-cluster-${image}:${publishedTag(plan(), image)}`]).toBe(digest);
    }
  });

  user.step(pulled, async (stack) => {
    await register(stack, await registry(), { imageSource: "pull" });
    expect(await stack.must(`run-${stack.engine.kind}`)).toContain("A job ran on all 1 workers and gave the right answer.");
    const images = await stack.ask("images", "--format", "{{.Repository}}:{{.Tag}}");
    imageNames.forEach((image) => {
      expect(images).not.toContain(plan()[image].reference);
    });
    const { jupyterlab } = await stack.containers();
    const digests = await stack.ask("image", "inspect", "--format", "{{json .RepoDigests}}", jupyterlab!.Image);
    expect(digests).toContain(await digestOf(await registry(), plan(), "jupyterlab"));
    expect(await stack.pendingChanges()).toBe("");
  });

  user.step("images that are there are not pulled again", pulled, async (stack) => {
    await (await registry()).pause();
    await stack.set("workers", "2");
    await stack.bareUp().finally(async () => (await registry()).resume());
    expect((await stack.make("status")).output).toContain("2 workers");
  });

  user.step(
    "a missing tag, a refused login and a wrong registry are one clear error each, and the cluster stays as it is",
    pulled,
    async (stack) => {
      const config = readFileSync(stack.file, "utf8");
      const before = await stack.ids();
      for (const [values, secrets, message] of [
        [{ imageTag: "v9" }, {}, /has no .*spark-cluster-base:v9: make publish/],
        [{ imageTag: "v9" }, { registryPassword: "wrong" }, /lets nobody pull .* as publisher: pulumi config set/],
        [{ imageRegistry: "127.0.0.1:9/team" }, {}, /127\.0\.0\.1:9 could not be asked .*: pulumi config set imageRegistry/],
      ] as const) {
        await stack.setAll(values, secrets);
        const { code, output } = await stack.tryPulumi("up", "--yes", "--skip-preview");
        writeFileSync(stack.file, config);
        expect(code).not.toBe(0);
        const diagnostics = output.slice(output.indexOf("Diagnostics:"));
        expect(diagnostics).toMatch(message);
        expect(diagnostics.match(/the registry /g)).toHaveLength(1);
        expect(await stack.ids()).toEqual(before);
      }
      expect((await stack.make("status")).code).toBe(0);
    },
  );
}

export function publishedByTag({ publisher, user, registry }: Publication): void {
  user.step("a tag of the user's own is published and pulled", pulled, async (stack) => {
    const from = await publisher.stack();
    await from.set("imageTag", "v1");
    await from.must("publish");
    await stack.set("imageTag", "v1");
    await stack.quickUp();
    expect(await (await registry()).digest("team/spark-cluster-jupyterlab", "v1")).toMatch(/^sha256:/);
    expect(await stack.pendingChanges()).toBe("");
  });
}

/** The end of both stacks. */
export function keptInRegistry({ publisher, user, registry, plan }: Publication): void {
  user.step(
    "the registry keeps the images when the stacks go, and no password of it is left in plain sight",
    pulled,
    async (stack) => {
      const { password } = await registry();
      const plain = [await stack.pulumi("stack", "export"), JSON.stringify(await stack.containers())];
      await stack.must(`stop-${stack.engine.kind}`);
      await (await publisher.stack()).must("down");
      for (const image of imageNames) {
        expect(await digestOf(await registry(), plan(), image)).toMatch(/^sha256:/);
      }
      expect(plain.some((text) => text.includes(password))).toBe(false);
    },
  );
}

async function register(stack: TestStack, { address, user, password }: Registry, config = {}): Promise<void> {
  const values = { imageRegistry: `${address}/team`, registryUser: user, ...config };
  await stack.setAll(values, { registryPassword: password });
}

function publishedTag(plan: ReturnType<Publication["plan"]>, image: ImageName): string {
  return `${plan[image].tag}-${architecture}`;
}

function digestOf(registry: Registry, plan: ReturnType<Publication["plan"]>, image: ImageName): Promise<string> {
  return registry.digest(`team/spark-cluster-${image}`, publishedTag(plan, image));
}

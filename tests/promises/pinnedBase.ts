import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { planImages } from "../../images/plan";
import { succeeded } from "../../testbed/run";
import { Registry } from "../../testbed/servers/registry";
import { clusterConfig } from "../../testbed/stackConfig";
import { TestStack } from "../../testbed/testStack";
import { Life } from "../helpers/life";

const pin = "a base image is pinned to the digest that the registry has for its tag, and to another after the tag has moved";
const pulled = "what is pinned is pulled, also if Docker's configuration names a credential helper that is not installed";
const offline = "what is pinned is built on where no registry answers, if the engine has it";

/** A stack's base image by its digest, in an open registry. `withCredentialHelper` is for Docker, whose client asks such helpers. */
export function pinnedBase(life: Life, registry: () => Promise<Registry>, { withCredentialHelper = false } = {}): void {
  const { images } = clusterConfig();
  const pins: string[] = [];
  const tagged = async () => `${(await registry()).address}/debian:bookworm-slim`;
  const pinned = async (stack: TestStack) => {
    await stack.must("pin");
    pins.push((await stack.pulumi("config", "get", "baseImage")).trim());
    return pins.at(-1);
  };

  describe("a base image that is pinned", () => {
    afterAll(async () => {
      for (const baseImage of pins) {
        const names = [baseImage, baseImage.replace(/@.*/, ""), planImages({ ...images, baseImage }).base.reference];
        for (const name of names) {
          await (await life.stack()).ask("rmi", "--force", name).catch(() => ""); // a step may not have made it
        }
      }
    });

    life.step(pin, async (stack) => {
      const image = await tagged();
      const digest = async () => (await registry()).digest("debian", "bookworm-slim");
      await stack.set("baseImage", image);
      succeeded("import", await stack.tryAsk(["import", "-", image], { input: "\0".repeat(10_240) })); // an archive of nothing
      await stack.ask("push", image);
      const first = await digest();
      expect(await pinned(stack)).toBe(`${image}@${first}`);
      await stack.ask("tag", images.baseImage, image);
      await stack.ask("push", image);
      const second = await digest();
      expect(second).not.toBe(first);
      expect(await pinned(stack)).toBe(`${image}@${second}`);
      expect(await stack.must("pin")).toContain("It is the one that stack");
    });

    if (withCredentialHelper) {
      life.step(pulled, pin, async (stack) => {
        const baseImage = pins.at(-1)!;
        const DOCKER_CONFIG = mkdtempSync(join(tmpdir(), "spark-cluster-docker-"));
        writeFileSync(join(DOCKER_CONFIG, "config.json"), '{ "credsStore": "missing" }');
        await stack.ask("rmi", "--force", baseImage, await tagged());
        const { code, output } = await stack.getBaseImage(baseImage, { DOCKER_CONFIG });
        rmSync(DOCKER_CONFIG, { recursive: true });
        expect({ code, output }).toEqual({ code: 0, output: `Getting the base image ${baseImage} ...\n` });
      });
    }

    life.step(offline, pin, async (stack) => {
      await (await registry()).pause();
      expect((await stack.getBaseImage(pins.at(-1)!)).code).toBe(0);
      await stack.buildImages("base");
    });

    life.step(
      "one that is missing is not made here, nor is another pinned: both are one error with what to do",
      offline,
      async (stack) => {
        const image = await tagged();
        const { code, output } = await stack.make("pin");
        expect(code).not.toBe(0);
        expect(output).toContain(`No registry gives ${image} with a digest, so nothing is pinned`);
        expect((await stack.pulumi("config", "get", "baseImage")).trim()).toBe(pins.at(-1));
        const absent = `${image}@sha256:${"0".repeat(64)}`;
        const missing = await stack.getBaseImage(absent);
        expect(missing.code).not.toBe(0);
        expect(missing.output).toContain(`No registry gives ${absent}`);
        expect(missing.output).toContain(`pulumi config set baseImage ${image}`);
      },
    );
  });
}

import fs from "node:fs";
import { resolve } from "node:path";

import { dialects } from "../../../components/dialect";
import { ImageHierarchy } from "../../../components/imageHierarchy";
import { ImageSupply, PackageSources } from "../../../config/clusterConfig";
import { Outline, outlineOf } from "../../../config/outline";
import { EngineKind } from "../../../engine/engine";
import { ImageName, imageNames, parentOf, planImages, stageTag } from "../../../images/plan";
import { addDigests } from "../../../images/published";
import { engines } from "../../../testbed/engines/socketsOfRoot";
import { clusterConfig } from "../../../testbed/stackConfig";
import { enterProjectCopy } from "../helpers/folders";
import { customResources, difference, resolved, run } from "../helpers/mocks";

interface Variant {
  readonly kind?: EngineKind;
  readonly supply?: Partial<ImageSupply>;
  readonly sources?: Partial<PackageSources>;
}

const { images, packageSources, supply: building } = clusterConfig();
const pulling: Partial<ImageSupply> = { source: "pull", registry: "registry.example.com/team" };
const program =
  ({ kind = "docker", supply = {}, sources = {} }: Variant = {}) =>
  () =>
    new ImageHierarchy("spark-image", { outline: outlineIn(kind, supply, sources), dialect: dialects[kind] });

function outlineIn(kind: EngineKind, supply: Partial<ImageSupply>, sources: Partial<PackageSources>): Outline {
  const onSwarm = { target: "swarm", imageSource: "pull", imageRegistry: "registry.example.com", metrics: "true" };
  const { sizes, ...rest } = clusterConfig(onSwarm);
  const config = {
    ...rest,
    sizes: { ...sizes, objectStore: true }, // no cluster has both this and a gateway
    ...{ stack: "dev", images, supply: { ...building, ...supply }, packageSources: { ...packageSources, ...sources } },
  };
  return outlineOf({ config, engine: engines[kind] });
}
const secrets = ["ca-certificates", "package-sources", "python-requirements"].map((id) => ({ id, src: `.build/dev/${id}` }));
const supplied = (name: ImageName) => `spark-image-${name}-supplied`;
const stage = "spark-image-jupyterlab-environment";
const variants: readonly Variant[] = [
  {},
  { kind: "podman" },
  { kind: "docker", supply: pulling },
  { kind: "podman", supply: pulling },
];

beforeEach(() => {
  enterProjectCopy();
});

test.each(variants.flatMap((variant) => [false, true].map((preview) => ({ variant, preview }))))(
  "every image comes under the tag of its content, parents first, by the provider or by the engine's own client: %j",
  async ({ variant, preview }) => {
    const removed = jest.spyOn(fs, "rmSync").mockReturnValue();
    const { get, resources, result } = await run(program(variant), { preview });
    const pulled = variant.supply !== undefined;
    const byProvider = !pulled && variant.kind !== "podman";
    const names = imageNames.flatMap((name) => [`spark-image-${name}`, ...(byProvider ? [] : [supplied(name)])]);
    const all = [...names, ...(pulled ? [] : [stage])];
    expect(
      customResources(resources)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(all.sort());
    const plan = planImages(images);
    const position = (name: string) => resources.findIndex((resource) => resource.name === name);
    for (const name of imageNames) {
      const parent = parentOf(name);
      const { tag, context, buildArgs, reference: built } = plan[name];
      const reference = pulled ? `registry.example.com/team/spark-cluster-${name}:${tag}-amd64` : built;
      const { type, inputs, options } = get(`spark-image-${name}`);
      expect(type).toBe("docker:index/remoteImage:RemoteImage");
      const build = { context, buildArgs, secrets };
      const byItself = { build: { ...build, useLegacyBuilder: true } };
      expect(inputs).toEqual({ name: reference, keepLocally: true, ...(byProvider ? byItself : {}) });
      expect(options).toMatchObject({ parent: "spark-image", deleteBeforeReplace: false, retainOnDelete: false });
      const after = parent === undefined ? [] : [`spark-image-${parent}`];
      // Of Docker's resources alone: see components/detached.ts.
      expect(options.dependencies).toEqual(after);
      if (!byProvider) {
        const made = get(supplied(name));
        expect(position(`spark-image-${name}`)).toBeGreaterThan(position(supplied(name)));
        expect(position(supplied(name))).toBeGreaterThan(position(parent === undefined ? "" : `spark-image-${parent}`));
        expect(made.type).toBe("pulumi-nodejs:dynamic/spark-cluster:SuppliedImage");
        const way = pulled ? { pull: { user: "", password: "" } } : { build };
        expect(made.inputs).toEqual({ engine: engines[variant.kind ?? "docker"], reference, way });
        expect(made.options).toMatchObject({ parent: "spark-image", dependencies: [] });
      }
    }
    if (!pulled) {
      const { reference: image, context, buildArgs } = plan.jupyterlab;
      const recipe = { context, buildArgs, secrets };
      const content = stageTag(plan.jupyterlab);
      expect(get(stage).inputs).toEqual({
        engine: engines[variant.kind ?? "docker"],
        image,
        stage: "environment",
        recipe,
        content,
      });
      expect(position(stage)).toBeGreaterThan(position("spark-image-base"));
    }
    // Who uses an image has its id: known once it is there, unknown in a preview that brings it.
    for (const part of ["base", "spark-master", "spark-worker", "jupyterlab"]) {
      const { value, known } = await resolved(result.imageOf(part).imageId);
      expect([known, known ? value : ""]).toEqual(preview ? [false, ""] : [true, expect.stringMatching(/^sha256:spark-image-/)]);
    }
    expect(() => result.imageOf("sparkmaster")).toThrow("This cluster has no image sparkmaster.");
    // What a build may know of this machine is written for an up that builds, and by no preview, which may run beside one. It is
    // removed once all images are there.
    const written = !pulled && !preview;
    expect(fs.existsSync(".build/dev/package-sources")).toBe(written);
    expect(removed.mock.calls).toEqual(written ? [[resolve(".build/dev"), { recursive: true, force: true }]] : []);
  },
);

test("an image that the engine has is not built, and a build that the state has of it is no difference", async () => {
  const { base, catalog } = planImages(images);
  const there = { ...outlineIn("docker", {}, {}), images: new Set([base.reference, `${catalog.reference}-other`]) };
  const { get } = await run(() => new ImageHierarchy("spark-image", { outline: there, dialect: dialects.docker }));
  expect(get("spark-image-base").inputs).toEqual({ name: base.reference, keepLocally: true });
  expect(get("spark-image-base").options.ignoreChanges).toEqual(["build"]);
  expect(get("spark-image-catalog").inputs).toMatchObject({ build: { context: catalog.context } });
  expect(get("spark-image-catalog").options.ignoreChanges).toEqual([]);
});

test.each(["docker", "podman"] as const)("pulled to %s, the login stands nowhere but in a secret", async (kind) => {
  const { resources } = await run(program({ kind, supply: { ...pulling, user: "me", password: "hunter2" } }));
  const told = customResources(resources).filter(({ inputs }) => JSON.stringify(inputs).includes("hunter2"));
  expect(told.map(({ name }) => name).sort()).toEqual(imageNames.map(supplied).sort());
  for (const { inputs, secrets: hidden } of told) {
    expect(hidden).toEqual(["way"]);
    expect(inputs.way).toMatchObject({ pull: { user: "me", password: "hunter2" } });
  }
});

test.each(["docker", "podman"] as const)(
  "pulled to %s, an image of the lock file comes by its digest; a build does without",
  async (kind) => {
    const { base } = planImages(images);
    addDigests({
      [`registry.example.com/team/spark-cluster-base:${base.tag}-amd64`]: "sha256:0123",
      [base.reference]: "sha256:4567",
    });
    const { get } = await run(program({ kind, supply: pulling }));
    const reference = "registry.example.com/team/spark-cluster-base@sha256:0123";
    expect([get(supplied("base")).inputs.reference, get("spark-image-base").inputs.name]).toEqual([reference, reference]);
    expect(get("spark-image-jupyterlab").inputs.name).toMatch(/:[0-9a-f]{16}-amd64$/);
    expect((await run(program({ kind }))).get("spark-image-base").inputs.name).toBe(base.reference);
  },
);

test.each(["docker", "podman"] as const)(
  "package sources and certificates change no input and stand in none, on %s",
  async (kind) => {
    const plain = await run(program({ kind }));
    const sources: PackageSources = {
      certificates: "-----BEGIN CERTIFICATE-----",
      pipIndexUrl: "https://me:hunter2@pip.example.com",
      aptMirror: "http://hunter2.example.com",
      mavenMirror: "https://me:hunter2@maven.example.com",
      goProxy: "https://me:hunter2@go.example.com",
      httpProxy: "http://hunter2:3128",
      noProxy: "hunter2",
    };
    const secretive = await run(program({ kind, sources }));
    expect(difference(plain, secretive)).toEqual({ added: [], removed: [], changed: [] });
    expect(JSON.stringify(secretive.resources)).not.toMatch(/hunter2|BEGIN CERTIFICATE/);
  },
);

import { existsSync } from "node:fs";

import { dialects } from "../../../components/dialect";
import { ImageHierarchy } from "../../../components/imageHierarchy";
import { ImageSupply, PackageSources } from "../../../config/clusterConfig";
import { EngineKind } from "../../../engine/engine";
import { ImageName, imageNames, planImages } from "../../../images/plan";
import { addDigests } from "../../../images/published";
import { engines } from "../helpers/engine";
import { enterProjectCopy } from "../helpers/folders";
import { customResources, difference, resolved, Run, run } from "../helpers/mocks";
import { clusterConfig } from "../helpers/stackConfig";

interface Variant {
  readonly kind?: EngineKind;
  readonly stack?: string;
  readonly supply?: Partial<ImageSupply>;
  readonly sources?: Partial<PackageSources>;
}

const { images, packageSources, supply: building } = clusterConfig();
const pulling: Partial<ImageSupply> = { source: "pull", registry: "registry.example.com/team" };
const program =
  ({ kind = "docker", stack = "dev", supply = {}, sources = {} }: Variant = {}) =>
  () =>
    new ImageHierarchy("spark-image", {
      stack,
      engine: engines[kind],
      dialect: dialects[kind],
      sizes: { catalog: "shared" },
      swarm: {},
      images,
      supply: { ...building, ...supply },
      packageSources: { ...packageSources, ...sources },
    });
const secrets = [
  { id: "ca-certificates", src: ".build/dev/ca-certificates" },
  { id: "package-sources", src: ".build/dev/package-sources" },
];
const namesOf = ({ resources }: Run<unknown>) => customResources(resources).map(({ name }) => name);
const supplied = (name: ImageName) => `spark-image-${name}-supplied`;

beforeEach(() => {
  enterProjectCopy();
});

describe("built on Docker", () => {
  test.each([false, true])("every image is made from its folder under the tag of its content (preview: %s)", async (preview) => {
    const built = await run(program(), { preview });
    expect(namesOf(built).sort()).toEqual(imageNames.map((name) => `spark-image-${name}`).sort());
    const plan = planImages(images);
    for (const name of imageNames) {
      const { parent, reference, context, buildArgs } = plan[name];
      const image = built.get(`spark-image-${name}`);
      expect(image.type).toBe("docker:index/remoteImage:RemoteImage");
      expect(image.inputs).toEqual({
        name: reference,
        keepLocally: true,
        build: { context, buildArgs, useLegacyBuilder: true, secrets },
      });
      expect(image.options).toMatchObject({ parent: "spark-image", deleteBeforeReplace: false, retainOnDelete: false });
      expect(image.options.dependencies).toEqual(parent === undefined ? [] : [`spark-image-${parent}`]);
    }
  });
});

describe("built on Podman", () => {
  test.each([false, true])("every image is made by Podman's own client, which takes secrets (preview: %s)", async (preview) => {
    const built = await run(program({ kind: "podman" }), { preview });
    expect(namesOf(built).sort()).toEqual(imageNames.flatMap((name) => [`spark-image-${name}`, supplied(name)]).sort());
    const plan = planImages(images);
    for (const name of imageNames) {
      const { parent, reference, context, buildArgs } = plan[name];
      const made = built.get(supplied(name));
      expect(made.type).toBe("pulumi-nodejs:dynamic/spark-cluster:SuppliedImage");
      expect(made.inputs).toEqual({ engine: engines.podman, reference, way: { build: { context, buildArgs, secrets } } });
      expect(made.options.parent).toBe("spark-image");
      expect(made.options.dependencies).toEqual(parent === undefined ? [] : [`spark-image-${parent}`]);
      const image = built.get(`spark-image-${name}`);
      expect(image.inputs).toEqual({ name: reference, keepLocally: true });
      expect(image.options).toMatchObject({ parent: "spark-image", deleteBeforeReplace: false, retainOnDelete: false });
      expect(image.options.dependencies).toContain(supplied(name));
    }
  });

  test("the images have the names that they have on Docker", async () => {
    const names = async (kind: EngineKind) => {
      const { get } = await run(program({ kind }));
      return imageNames.map((name) => get(`spark-image-${name}`).inputs.name);
    };
    expect(await names("podman")).toEqual(await names("docker"));
  });
});

describe.each(["docker", "podman"] as const)("pulled to %s", (kind) => {
  test.each([false, true])(
    "every image comes from the registry, parents first, and none is built (preview: %s)",
    async (preview) => {
      const pulled = await run(program({ kind, supply: pulling }), { preview });
      const plan = planImages(images);
      for (const name of imageNames) {
        const { parent, tag } = plan[name];
        const reference = `registry.example.com/team/spark-cluster-${name}:${tag}-amd64`;
        const made = pulled.get(supplied(name));
        expect(made.inputs).toMatchObject({ engine: engines[kind], reference });
        expect(Object.keys(made.inputs.way as object)).toEqual(["pull"]);
        expect(made.options.dependencies).toEqual(parent === undefined ? [] : [`spark-image-${parent}`]);
        const image = pulled.get(`spark-image-${name}`);
        expect(image.inputs).toEqual({ name: reference, keepLocally: true });
        expect(image.options.dependencies).toContain(supplied(name));
      }
      expect(namesOf(pulled)).toHaveLength(2 * imageNames.length);
    },
  );

  test("the login stands nowhere but in a secret", async () => {
    const { resources } = await run(program({ kind, supply: { ...pulling, user: "me", password: "hunter2" } }));
    const told = customResources(resources).filter(({ inputs }) => JSON.stringify(inputs).includes("hunter2"));
    expect(told.map(({ name }) => name).sort()).toEqual(imageNames.map(supplied).sort());
    for (const { inputs, secrets: hidden } of told) {
      expect(hidden).toEqual(["way"]);
      expect(inputs.way).toMatchObject({ pull: { user: "me", password: "hunter2" } });
    }
  });

  test("an image of the lock file comes by its digest", async () => {
    const tag = `${planImages(images).base.tag}-amd64`;
    addDigests({ [`registry.example.com/team/spark-cluster-base:${tag}`]: "sha256:0123" });
    const { get } = await run(program({ kind, supply: pulling }));
    const reference = "registry.example.com/team/spark-cluster-base@sha256:0123";
    expect(get(supplied("base")).inputs.reference).toBe(reference);
    expect(get("spark-image-base").inputs.name).toBe(reference);
    expect(get("spark-image-jupyterlab").inputs.name).toMatch(/:[0-9a-f]{16}-amd64$/);
  });

  test("nothing that a build may know of this machine is written down", async () => {
    await run(program({ kind, supply: pulling }));
    expect(existsSync(".build")).toBe(false);
  });
});

test("the lock file is for what is pulled: a build does without it", async () => {
  const { base } = planImages(images);
  addDigests({ [base.reference]: "sha256:0123" });
  expect((await run(program())).get("spark-image-base").inputs.name).toBe(base.reference);
});

test("what a build may know of this machine is there for an up, and a preview leaves it to the one beside it", async () => {
  await run(program(), { preview: true });
  expect(existsSync(".build")).toBe(false);
  await run(program({ kind: "podman" }));
  expect(existsSync(".build/dev/package-sources")).toBe(true);
});

test.each(["docker", "podman"] as const)(
  "package sources and certificates change no input and stand in none, on %s",
  async (kind) => {
    const plain = await run(program({ kind }));
    const sources: PackageSources = {
      certificates: "-----BEGIN CERTIFICATE-----",
      pipIndexUrl: "https://me:hunter2@pip.example.com",
      aptMirror: "http://hunter2.example.com",
      mavenMirror: "https://me:hunter2@maven.example.com",
      httpProxy: "http://hunter2:3128",
      noProxy: "hunter2",
    };
    const secretive = await run(program({ kind, sources }));
    expect(difference(plain, secretive)).toEqual({ added: [], removed: [], changed: [] });
    expect(JSON.stringify(secretive.resources)).not.toMatch(/hunter2|BEGIN CERTIFICATE/);
  },
);

test("two stacks share their images by name", async () => {
  const names = async (stack: string) =>
    customResources((await run(program({ stack }))).resources).map(({ inputs }) => inputs.name);
  expect(await names("one")).toEqual(await names("other"));
});

test.each<Variant>([{}, { kind: "podman" }, { supply: pulling }])(
  "who uses an image has its id: known once it is there, unknown in a preview that brings it: %j",
  async (variant) => {
    const up = await run(program(variant));
    const preview = await run(program(variant), { preview: true });
    for (const part of ["base", "sparkMaster", "sparkWorker", "jupyterlab"] as const) {
      expect(await resolved(up.result[part].imageId)).toMatchObject({
        value: expect.stringMatching(/^sha256:spark-image-/) as string,
        known: true,
      });
      expect(await resolved(preview.result[part].imageId)).toMatchObject({ known: false });
    }
  },
);

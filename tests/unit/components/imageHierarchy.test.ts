import { ImageHierarchy } from "../../../components/imageHierarchy";
import { PackageSources } from "../../../config/clusterConfig";
import { imageNames, planImages } from "../../../images/plan";
import { enterProjectCopy } from "../helpers/folders";
import { customResources, difference, resolved, run } from "../helpers/mocks";
import { clusterConfig } from "../helpers/stackConfig";

const { images, packageSources } = clusterConfig();
const program =
  (stack = "dev", sources: PackageSources = packageSources) =>
  () =>
    new ImageHierarchy("spark-image", { stack, images, packageSources: sources });

beforeEach(() => {
  enterProjectCopy();
});

test.each([false, true])("every image is built from its folder under the tag of its content (preview: %s)", async (preview) => {
  const { get, resources } = await run(program(), { preview });
  expect(customResources(resources).map(({ name }) => name)).toEqual(imageNames.map((name) => `spark-image-${name}`));
  const plan = planImages(images);
  for (const name of imageNames) {
    const { parent, reference, context, buildArgs } = plan[name];
    const image = get(`spark-image-${name}`);
    expect(image.type).toBe("docker:index/remoteImage:RemoteImage");
    expect(image.inputs).toEqual({
      name: reference,
      keepLocally: true,
      build: {
        context,
        buildArgs,
        useLegacyBuilder: true,
        secrets: [
          { id: "ca-certificates", src: ".build/dev/ca-certificates" },
          { id: "package-sources", src: ".build/dev/package-sources" },
        ],
      },
    });
    expect(image.options).toMatchObject({ parent: "spark-image", deleteBeforeReplace: false, retainOnDelete: false });
    expect(image.options.dependencies).toEqual(parent === undefined ? [] : [`spark-image-${parent}`]);
  }
});

test("package sources and certificates change no input and stand in none", async () => {
  const plain = await run(program());
  const secretive = await run(
    program("dev", {
      certificates: "-----BEGIN CERTIFICATE-----",
      pipIndexUrl: "https://me:hunter2@pip.example.com",
      aptMirror: "http://hunter2.example.com",
      httpProxy: "http://hunter2:3128",
      noProxy: "hunter2",
    }),
  );
  expect(difference(plain, secretive)).toEqual({ added: [], removed: [], changed: [] });
  expect(JSON.stringify(secretive.resources)).not.toMatch(/hunter2|BEGIN CERTIFICATE/);
});

test("two stacks share their images by name", async () => {
  const names = async (stack: string) => customResources((await run(program(stack))).resources).map(({ inputs }) => inputs.name);
  expect(await names("one")).toEqual(await names("other"));
});

test("who uses an image has its id: known once it is built, unknown in a preview that builds it", async () => {
  const up = await run(program());
  const preview = await run(program(), { preview: true });
  for (const part of ["base", "sparkMaster", "sparkWorker", "jupyterlab"] as const) {
    expect(await resolved(up.result[part].imageId)).toMatchObject({
      value: expect.stringMatching(/^sha256:spark-image-/) as string,
      known: true,
    });
    expect(await resolved(preview.result[part].imageId)).toMatchObject({ known: false });
  }
});

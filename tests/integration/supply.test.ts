import { readFileSync } from "node:fs";
import { join } from "node:path";

import { clientCommand } from "../../engine/cli";
import { planImages } from "../../images/plan";
import { clusterConfig } from "../unit/helpers/stackConfig";
import { Registry } from "./helpers/registry";
import { ok, run } from "./helpers/run";
import { once, testedEngine } from "./helpers/testedEngine";
import { TestStack } from "./helpers/testStack";

const defaults = clusterConfig().images;

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.make();
});

afterAll(async () => {
  await TestStack.destroyAll();
  await Registry.stopAll();
});

describe("a base image that is pinned", () => {
  let registry: Registry;
  let tagged: string;
  let pinned = "";
  const pins: string[] = [];
  const baseImage = async () => (await stack.pulumi("config", "get", "baseImage")).trim();

  beforeAll(async () => {
    registry = await Registry.start({ open: true });
    tagged = `${registry.address}/debian:bookworm-slim`;
    await stack.set("baseImage", tagged);
  });

  afterAll(async () => {
    const built = planImages({ ...defaults, baseImage: pinned }).base.reference;
    for (const image of [built, ...pins, tagged]) {
      await stack.ask("rmi", "--force", image).catch(() => ""); // one that a test has not come to make
    }
  });

  test("has the digest that the registry has for the tag, and another one after the tag has moved", async () => {
    const [program, ...args] = clientCommand(testedEngine, "import", "-", tagged);
    await ok(program, args, { input: "\0".repeat(10_240) }); // an archive of nothing
    await stack.ask("push", tagged);
    const first = await registry.digest("debian", "bookworm-slim");
    await stack.must("pin");
    pins.push(await baseImage());
    expect(pins).toEqual([`${tagged}@${first}`]);
    await stack.ask("tag", "docker.io/library/debian:bookworm-slim", tagged);
    await stack.ask("push", tagged);
    const second = await registry.digest("debian", "bookworm-slim");
    expect(second).not.toBe(first);
    await stack.must("pin");
    pinned = await baseImage();
    pins.push(pinned);
    expect(pinned).toBe(`${tagged}@${second}`);
    expect(await stack.must("pin")).toContain("It is the one that stack");
  });

  test("is built on where no registry answers, if the engine has it", async () => {
    await registry.pause();
    expect((await stack.getBaseImage(pinned)).code).toBe(0);
    await stack.buildImages("base");
  });

  test("is not made here when it is missing, nor pinned anew: both are one error with what to do", async () => {
    const { code, output } = await stack.make("pin");
    expect(code).not.toBe(0);
    expect(output).toContain(`No registry gives ${tagged} with a digest, so nothing is pinned`);
    expect(await baseImage()).toBe(pinned);
    const absent = `${tagged}@sha256:${"0".repeat(64)}`;
    await stack.set("baseImage", absent);
    const missing = await stack.getBaseImage(absent);
    expect(missing.code).not.toBe(0);
    expect(missing.output).toContain(`No registry gives ${absent}`);
    expect(missing.output).toContain(`pulumi config set baseImage ${tagged}`);
  });
});

once(() => {
  describe("with the images that this project has", () => {
    const plan = planImages(defaults);

    beforeAll(async () => {
      await stack.pulumi("config", "rm", "baseImage");
      await stack.must(`build-${testedEngine.kind}`);
    });

    /** Has the image's own script add a jar from a Maven repository inside, whose sum for it may be a wrong one. */
    async function addJar(coordinates: string, sum: string): Promise<string> {
      const script = `
mkdir -p /tmp/maven/com/example/own/1.0 && cd /tmp/maven/com/example/own/1.0
echo '<project><modelVersion>4.0.0</modelVersion><groupId>com.example</groupId><artifactId>own</artifactId><version>1.0</version></project>' > own-1.0.pom
python3 -c 'open("own-1.0.jar", "wb").write(b"PK\\5\\6" + bytes(18))'
${sum}
python3 -m http.server 8000 --bind 127.0.0.1 --directory /tmp/maven > /dev/null 2>&1 &
until python3 -c 'import urllib.request; urllib.request.urlopen("http://127.0.0.1:8000/")' 2> /dev/null; do sleep 0.2; done
S3=false MAVEN_MIRROR=http://127.0.0.1:8000 EXTRA_JARS='${coordinates}' timeout 240 extra-jars 2>&1 && ls /opt/spark/jars/own-*
kill $!
`;
      const inside = ["run", "--rm", "--interactive", "--user", "0", "--network", "none", plan["spark-base"].reference, "bash"];
      const [program, ...args] = clientCommand(testedEngine, ...inside);
      return (await run(program, args, { input: script })).output;
    }

    const own = "com.example:own:1.0";
    const told = (output: string) => output.split("\n").filter((line) => line.startsWith("spark-cluster: "));

    test("a jar is added that has the sum that its repository tells, and the one that the configuration wants", async () => {
      const rightSum = "8739c76e681f900923b900c9df0ef75cf421d39cabb54650c4b9ad19b6a76d85";
      const output = await addJar(`${own}@sha256:${rightSum}`, "sha1sum own-1.0.jar | cut -c1-40 > own-1.0.jar.sha1");
      expect(told(output)).toEqual([]);
      expect(output).toContain("/opt/spark/jars/own-1.0.jar");
    });

    test.each([
      [
        "its repository tells",
        own,
        "sha1sum own-1.0.pom | cut -c1-40 > own-1.0.jar.sha1",
        /extraJars\[0\]: com\.example#own;1\.0!own\.jar has not the sha1 .* pulumi config set mavenMirror/,
      ],
      [
        "the configuration wants",
        `${own}@sha256:${"0".repeat(64)}`,
        "",
        /extraJars\[0\]: .* own-1\.0\.jar has the SHA-256 8739\w+, not 0+\. .* pulumi config set --path 'extraJars\[0\]' com\.example:own:1\.0@sha256:8739/,
      ],
    ])("a jar without the sum that %s is refused, in one line", async (_who, coordinates, sum, message) => {
      const output = await addJar(coordinates, sum);
      expect(told(output)).toEqual([expect.stringMatching(message)]);
      expect(output).not.toContain("/opt/spark/jars/own-1.0.jar");
    });

    test("make sbom writes what is in an image: Debian's packages, Python's and jars, and does it once", async () => {
      const output = await stack.must("sbom", { env: { IMAGE: "jupyterlab" } });
      const file = output.trim().split("\n").at(-1)!;
      expect(file).toBe(`sbom/jupyterlab-${plan.jupyterlab.tag}.cdx.json`);
      const { components } = JSON.parse(readFileSync(join(stack.folder, file), "utf8")) as { components: { purl?: string }[] };
      const urls = components.map(({ purl = "" }) => purl);
      for (const part of [
        "pkg:deb/debian/openjdk-17-jre-headless@",
        "pkg:pypi/pyspark@4.1.4",
        "pkg:maven/org.apache.spark/spark-core_2.13@4.1.4",
      ]) {
        expect(urls).toContainEqual(expect.stringContaining(part));
      }
      expect(await stack.must("sbom", { env: { IMAGE: "jupyterlab" } })).not.toContain("Looking through");
    });
  });
});

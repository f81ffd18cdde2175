import { readFileSync } from "node:fs";
import { join } from "node:path";

import { planImages } from "../../images/plan";
import { clusterConfig } from "../../testbed/stackConfig";
import { TestStack } from "../../testbed/testStack";
import { Life } from "../helpers/life";
import { shared } from "../helpers/notRun";

const plan = planImages(clusterConfig().images);
const own = "com.example:own:1.0";
const rightSum = "8739c76e681f900923b900c9df0ef75cf421d39cabb54650c4b9ad19b6a76d85";

/** What goes into the images of a stack with the defaults, and the list of it. */
export function imageContents(life: Life): void {
  const images = shared("make build", async () => (await life.stack()).must("build-docker"));

  life.step("a jar is added that has the sums of its repository and of the configuration", async (stack) => {
    await images();
    const output = await addJar(stack, `${own}@sha256:${rightSum}`, "sha1sum own-1.0.jar | cut -c1-40 > own-1.0.jar.sha1");
    expect(output).not.toContain("spark-cluster: ");
    expect(output).toContain("/opt/spark/jars/own-1.0.jar");
  });

  for (const [whose, coordinates, sum, message] of [
    [
      "its repository",
      own,
      "sha1sum own-1.0.pom | cut -c1-40 > own-1.0.jar.sha1",
      /extraJars\[0\]: com\.example#own;1\.0!own\.jar has not the sha1 .* pulumi config set mavenMirror/,
    ],
    [
      "the configuration",
      `${own}@sha256:${"0".repeat(64)}`,
      "",
      /extraJars\[0\]: .* own-1\.0\.jar has the SHA-256 8739\w+, not 0+\. .* pulumi config set --path 'extraJars\[0\]' com\.example:own:1\.0@sha256:8739/,
    ],
  ] as const) {
    life.step(`a jar without the sum of ${whose} is refused, in one line`, async (stack) => {
      await images();
      const output = await addJar(stack, coordinates, sum);
      const lines = output.split("\n").filter((line) => line.startsWith("spark-cluster: "));
      expect(lines).toEqual([expect.stringMatching(message)]);
      expect(output).not.toContain("/opt/spark/jars/own-1.0.jar");
    });
  }

  life.step("no Python of the images lacks a package that another needs", async (stack) => {
    await images();
    const check = "python3 -m pip check && python3 -m pip --python /opt/jupyterlab/bin/python3 check";
    const { code, output } = await stack.tryAsk([
      "run",
      "--rm",
      "--network",
      "none",
      plan.jupyterlab.reference,
      "sh",
      "-c",
      check,
    ]);
    expect([code, output]).toEqual([0, "No broken requirements found.\n".repeat(2)]);
  });

  life.step("make sbom lists an image's packages of Debian and of Python and its jars, once", async (stack) => {
    await images();
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
}

/** Has the image's own script add a jar from a Maven repository inside, whose sum for it may be a wrong one. */
async function addJar(stack: TestStack, coordinates: string, sum: string): Promise<string> {
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
  return (await stack.tryAsk(inside, { input: script })).output;
}

import fc from "fast-check";

import { packageKeys, packageProblems } from "../../../config/packages";
import { readConfig } from "../../../config/reader";
import { tablePackages } from "../../../config/tableFormats";
import { planImages } from "../../../images/plan";
import { clusterConfig, source, Written } from "../../../testbed/stackConfig";
import { anyText } from "../helpers/hostile";
import { problemsOf, told } from "../helpers/problems";

const pythonPackageProblems = (requirements: readonly string[]) => packageProblems("extraPythonPackages", requirements);
const jarProblems = (coordinates: readonly string[]) => packageProblems("extraJars", coordinates);

test("packages and jars go into the images", () => {
  const written = {
    ...{ extraPythonPackages: ["delta-spark==4.4.0", "six"], extraJars: ["io.delta:delta-spark_4.1_2.13:4.4.0"] },
    ...{ extraDebianPackages: ["fonts-noto-cjk", "tree=2.1.0-1"], extraLabPackages: ["jupyterlab-git==0.55.0"] },
  };
  expect(readConfig(source(written)).images).toMatchObject(written);
});

test("every package of a table format has its checksum", () => {
  for (const [tables, sparkVersion] of [
    ["delta", "4.1.4"],
    ["delta", "3.5.9"],
    ["iceberg", "4.1.4"],
  ] as const) {
    const { jars, python } = tablePackages({ tables, sparkVersion });
    const coordinates = jars.filter((jar) => jar.includes("@sha256:"));
    expect([jarProblems(jars), coordinates.length]).toEqual([[], jars.length]);
    expect(python.filter((each) => !/^[\w-]+==[\d.]+@sha256:[0-9a-f]{64}$/.test(each))).toEqual([]);
  }
});

test.each<[string, Readonly<Record<string, Written>>, object[]]>([
  [
    "a Spark version without it",
    { tables: "iceberg", sparkVersion: "3.5.9" },
    [{ key: "tables", value: "iceberg", fix: "pulumi config set sparkVersion 4.1.4" }],
  ],
  [
    "a catalog in memory",
    { tables: "iceberg", catalog: "session" },
    [{ key: "tables", fix: "pulumi config set catalog shared" }],
  ],
  [
    "other versions of its jars",
    { tables: "delta", extraJars: ["io.delta:delta-storage:4.3.0", "a:b:1", "io.delta:delta-spark_4.1_2.13:4.4.0"] },
    [
      { key: "extraJars[2]", value: "io.delta:delta-spark_4.1_2.13", fix: "pulumi config rm --path 'extraJars[2]'" },
      { key: "extraJars[0]", value: "io.delta:delta-storage", fix: "pulumi config rm --path 'extraJars[0]'" },
    ],
  ],
  ["Delta Lake in the memory of sessions", { tables: "delta", catalog: "session" }, []],
])("a table format is checked against %s", (_, written, problems) => {
  expect(problemsOf(source(written))).toMatchObject(problems);
});

const cometJar = "org.apache.datafusion:comet-spark-spark4.1_2.13";

test.each([
  [{ sparkVersion: "3.5.9" }, [{ key: "accelerator", value: "comet", fix: "pulumi config set sparkVersion 4.1.4" }]],
  [{ offHeapMemory: "511m" }, [{ key: "offHeapMemory", value: "511m", fix: "pulumi config set offHeapMemory auto" }]],
  [{ offHeapMemory: "512m" }, []],
  [{ extraJars: [`${cometJar}:1.1.0`] }, [{ key: "extraJars[0]", fix: "pulumi config rm --path 'extraJars[0]'" }]],
])("the accelerator is checked against %j", (written, problems) => {
  expect(problemsOf(source({ accelerator: "comet", ...written }))).toMatchObject(problems);
});

test("an accelerator brings its jar, and off-heap memory unless that is set", () => {
  const { images, sizes } = clusterConfig({ accelerator: "comet" });
  expect(planImages(images)["spark-base"].buildArgs.ACCELERATOR_JARS).toMatch(new RegExp(`^${cometJar}:[^ ]+@sha256:\\w{64}$`));
  expect(sizes.offHeapMemory).toBe(1024);
  expect(clusterConfig({ accelerator: "comet", offHeapMemory: "2g" }).sizes.offHeapMemory).toBe(2048);
  expect(clusterConfig({ accelerator: "comet", executorMemory: "4g", workerMemory: "8g" }).sizes.offHeapMemory).toBe(2458);
  expect(clusterConfig({ offHeapMemory: "600m" }).sizes.offHeapMemory).toBe(600);
  expect(problemsOf(source({ offHeapMemory: "300m" }))).toMatchObject([{ key: "offHeapMemory", value: "300m" }]);
  expect(clusterConfig().sizes.offHeapMemory).toBe(0);
});

test("these are requirements, and a list of them may be long", () => {
  const good = [
    ...["six", "delta-spark==4.4.0", "zope.interface>=5,<7", "uvicorn[standard]==0.30.1", "fastapi[all,test]~=0.115"],
    ...["A==1!2.0.post1+local-3", "x===2024a", "pandas!=2.1.*"],
  ];
  expect(pythonPackageProblems(good)).toEqual([]);
  expect(problemsOf(source({ extraPythonPackages: Array(100).fill("six") }))).toEqual([]);
});

test.each([
  ...["", "-r/etc/passwd", "--index-url=http://x", "six==", "six=1.0", "six; python_version>'3'", "six==1.0 --hash=sha256:0"],
  ...["six @ https://example.com/six.whl", "git+https://example.com/six", "./six", "six==1.0\nrequests", "six==$(reboot)"],
  "x".repeat(101),
])("%j is no requirement", (requirement) => {
  expect(pythonPackageProblems(["pytz", requirement])).toMatchObject([{ key: "extraPythonPackages[1]" }]);
});

test.each(["", "a", "Git", "git gcc", "-y", "git/bookworm-backports", "git=", "./x.deb", "git;reboot", "git:$(id)", "git-"])(
  "%j is no Debian package",
  (name) => {
    expect(packageProblems("extraDebianPackages", ["libstdc++-12-dev", name])).toMatchObject([{ key: "extraDebianPackages[1]" }]);
  },
);

test("these are coordinates", () => {
  const sum = `@sha256:${"0a".repeat(32)}`;
  expect(jarProblems(["org.postgresql:postgresql:42.7.7", "a:b_2.13:1.0-alpha+1", "com.x:y:20240101", `a:b:1${sum}`])).toEqual(
    [],
  );
});

test.each([
  ...["a:b", "a:b:c:1:d", "a:b:", ":b:1", "a b:c:1", "a:b:[1,2)", 'a:b:1"/>', "a:../b:1", "a:b:1\n", "a:b:1@sha256:0a"],
  ...[`a:b:1@${"0a".repeat(32)}`, "https://x/y.jar"],
])("%j are no coordinates", (coordinates) => {
  expect(jarProblems([coordinates])).toMatchObject([{ key: "extraJars[0]" }]);
});

test("a problem has the place, what is allowed, and a command; spaces are nearly right", () => {
  const allowed = "a package's name with its version, and nothing else, such as delta-spark==4.4.0";
  const problem = (index: number, value: string, set: string) => ({
    ...{ key: `extraPythonPackages[${index}]`, value: `"${value}"`, allowed },
    fix: `pulumi config set --path 'extraPythonPackages[${index}]' '${set}'`,
  });
  expect(told(pythonPackageProblems(["six", "delta-spark >= 4, < 5", "rm -rf /"]))).toEqual([
    problem(1, "delta-spark >= 4, < 5", "delta-spark>=4,<5"),
    problem(2, "rm -rf /", "NAME==VERSION"),
  ]);
});

test.each(["six", "{}", "[1]", '[["six"]]', "null", JSON.stringify(Array(101).fill("six"))])("%s is no list of them", (text) => {
  for (const key of packageKeys) {
    expect(problemsOf(source({ [key]: text }))).toMatchObject([{ key, fix: `pulumi config rm ${key}` }]);
  }
});

test("what is let through means nothing to a shell, to XML or to a properties file, and is one word", () => {
  const hostile = fc.oneof(
    anyText(60),
    fc.string({ unit: fc.constantFrom(...Array.from("ab1.:=<>~![],;$`'\"\\&|(){}#*? \n\t-_+/@")), maxLength: 40 }),
    fc.tuple(fc.constantFrom("six==1.0", "a:b:1"), fc.string({ maxLength: 3 })).map(([good, rest]) => good + rest),
  );
  for (const key of packageKeys) {
    fc.assert(
      fc.property(hostile, (text) => {
        const plain = /^[A-Za-z0-9][\w.:=<>~![\],*+-]*$/.test(text) && text.length <= 5000;
        return plain || packageProblems(key, [text]).length === 1;
      }),
      { numRuns: 2000 },
    );
  }
});

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { imageNames } from "../../../images/plan";

const root = join(__dirname, "../../../images");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const files = imageNames.flatMap((name) =>
  readdirSync(join(root, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
);

test("no image names a processor: images are built for any", () => {
  const processor = /\b(amd64|x86[-_]64|arm64|aarch64)\b|--platform/i;
  const named = ["java-17-openjdk-amd64", "linux/arm64", "FROM --platform=linux x", "x86_64-linux-gnu", "AARCH64"];
  expect(named.filter((line) => !processor.test(line))).toEqual([]);
  const some = [...imageNames.map((name) => `${name}/Dockerfile`), "base/apt-install", "spark-worker/spark-worker"];
  expect(files).toEqual(expect.arrayContaining([...some, "spark-base/python/build.txt"]));
  // They know the names of each: trimPackages.test.ts, pins.test.ts.
  const allowed = ["spark-base/trim-packages", "object-store/toolchain/go.sum"];
  expect(files.filter((file) => processor.test(read(file)))).toEqual(allowed);
});

test("no build holds a mount's lock, which Podman's service would keep for life", () => {
  expect(imageNames.filter((name) => read(`${name}/Dockerfile`).includes("sharing="))).toEqual([]);
});

test("apt's cache is one that builds share, and apt-install lets one of them in at a time, before it touches anything", () => {
  const mounts = [...read("base/Dockerfile").matchAll(/--mount=type=cache,target=(\S+)/g)].map(([, target]) => target);
  expect(mounts).toEqual(["/var/cache/apt", "/var/lib/apt"]);
  const commands = read("base/apt-install")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  expect(commands.slice(0, 3)).toEqual(["set -eu", "exec 9> /var/cache/apt/spark-cluster.lock", "flock 9"]);
  expect(commands.slice(3).join("\n")).toMatch(/^ *apt-get update /m);
});

test("the kernel's modules keep their promises, without Spark and IPython", () => {
  const { status, stderr } = spawnSync(
    "python3",
    ["-B", "-m", "unittest", "discover", "--start-directory", join(__dirname, "kernel")],
    { encoding: "utf8", env: { ...process.env, PYTHONPATH: `${join(root, "jupyterlab/kernel")}:${join(root, "spark-base")}` } },
  );
  expect(stderr).toMatch(/Ran \d\d+ tests/);
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(/\nOK\n$/) as string });
});

describe("a notebook of the image", () => {
  interface Notebook {
    readonly cells: readonly {
      readonly id: string;
      readonly cell_type: string;
      readonly outputs?: readonly unknown[];
      readonly execution_count?: number | null;
      readonly source: readonly string[];
    }[];
    readonly metadata: { readonly kernelspec: unknown };
  }
  const names = readdirSync(join(root, "jupyterlab/notebooks"));
  const notebook = (name: string) => JSON.parse(read(`jupyterlab/notebooks/${name}`)) as Notebook;

  test("is the first one, or one that this leads to", () => {
    const links = [...JSON.stringify(notebook("welcome.ipynb")).matchAll(/\]\(([^)]+\.ipynb)\)/g)].map(([, name]) => name);
    expect([...links, "welcome.ipynb"].sort()).toEqual(names);
  });

  test.each(names)("%s is as nobody has run it, and gives its executors back at the end", (name) => {
    const { cells, metadata } = notebook(name);
    expect(metadata.kernelspec).toEqual({ name: "python3", display_name: "PySpark", language: "python" });
    const code = cells.filter(({ cell_type }) => cell_type === "code");
    expect(code.filter(({ outputs, execution_count }) => outputs?.length !== 0 || execution_count !== null)).toEqual([]);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
    expect(code.at(-1)?.source.join("")).toBe("spark.stop()");
  });
});

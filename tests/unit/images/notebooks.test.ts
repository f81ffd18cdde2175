import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "../../../images/jupyterlab/notebooks");
const names = readdirSync(folder);

interface Cell {
  readonly id: string;
  readonly cell_type: string;
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
  readonly source: readonly string[];
}

interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: { readonly kernelspec: unknown };
}

const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook;

test("the first one and what it leads to", () => {
  const links = [...JSON.stringify(read("welcome.ipynb")).matchAll(/\]\(([^)]+\.ipynb)\)/g)].map(([, name]) => name);
  expect([...links, "welcome.ipynb"].sort()).toEqual(names);
});

test.each(names)("%s is as nobody has run it, and gives its executors back at the end", (name) => {
  const { cells, metadata } = read(name);
  expect(metadata.kernelspec).toEqual({ name: "python3", display_name: "PySpark", language: "python" });
  const code = cells.filter(({ cell_type }) => cell_type === "code");
  expect(code.filter(({ outputs, execution_count }) => outputs?.length !== 0 || execution_count !== null)).toEqual([]);
  expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  expect(code.at(-1)?.source.join("")).toBe("spark.stop()");
});

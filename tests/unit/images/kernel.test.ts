import { spawnSync } from "node:child_process";
import { join } from "node:path";

test("the kernel's modules keep their promises, without Spark and IPython", () => {
  const { status, stderr } = spawnSync(
    "python3",
    ["-B", "-m", "unittest", "discover", "--start-directory", join(__dirname, "kernel")],
    { encoding: "utf8", env: { ...process.env, PYTHONPATH: join(__dirname, "../../../images/jupyterlab/kernel") } },
  );
  expect(stderr).toMatch(/Ran \d\d+ tests/);
  expect({ status, stderr }).toMatchObject({ status: 0 });
});

import { execFileSync } from "node:child_process";
import { join } from "node:path";

const file = join(__dirname, "../../../images/jupyterlab/jupyter_server_config.py");

/** Runs the file as Jupyter does, with a mounted token. */
const program = `
import builtins, json, pathlib, runpy, sys, unittest.mock
file, token = sys.argv[1:]
pathlib.Path.read_text = lambda path: {"/etc/spark-cluster/jupyter-token": token}[str(path)]
c = unittest.mock.MagicMock()
builtins.get_config = lambda: c
runpy.run_path(file)
print(json.dumps({"token": c.IdentityProvider.token, "cookies": c.ServerApp.cookie_secret.hex()}))`;

function settings(token: string) {
  return JSON.parse(execFileSync("python3", ["-c", program, file, token], { encoding: "utf8" })) as {
    readonly token: string;
    readonly cookies: string;
  };
}

test("the key of the cookies is another after a rotation of the token, and the same after a restart", () => {
  const [first, again, rotated] = [settings("first\n"), settings("first\n"), settings("second\n")];
  expect([first.token, rotated.token]).toEqual(["first", "second"]);
  expect(first.cookies).toMatch(/^[0-9a-f]{64}$/);
  expect(again.cookies).toBe(first.cookies);
  expect(rotated.cookies).not.toBe(first.cookies);
});

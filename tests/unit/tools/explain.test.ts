import childProcess from "node:child_process";
import { existsSync } from "node:fs";

import { engines } from "../../../testbed/engines/socketsOfRoot";
import { Diagnostic, explainFailure } from "../../../tools/stack/explain";
import type { OpenStack } from "../../../tools/stack/openStack";
import { fakeEngine } from "../helpers/engine";
import { enterProjectCopy } from "../helpers/folders";

const urn = "urn:pulumi:dev::spark-cluster::docker:index";

test.each([
  ["spark-jupyterlab-container", "Shut down kernels in JupyterLab, then run make up again."],
  ["spark-worker-2", "Shut down kernels in JupyterLab, then run make up again."],
  ["spark-history-server-container", "Run make down, then make up."],
])("a limit below what %s uses comes once with both sizes, and with what frees memory", async (resource, fix) => {
  const printed = jest.spyOn(console, "error").mockReturnValue();
  fakeEngine();
  const stack = { name: "dev", engine: engines.docker, isOnSwarm: false } as unknown as OpenStack;
  const message =
    "error: updating urn: 1 error occurred: Unable to update a container: Error response from daemon: Cannot update container 2f0: " +
    "runc did not terminate successfully: exit status 1: unable to set memory limit to 943718400 (current usage: 1073741825, " +
    "peak usage: 1084227584): unknown";
  const diagnostic = { urn: `${urn}/container:Container::${resource}`, message };
  await explainFailure(stack, [diagnostic, diagnostic, { ...diagnostic, message: "error: another" }]);
  expect(printed.mock.calls).toEqual([[`\n${resource} uses 1025 MiB of memory, more than its new limit, 900 MiB. ${fix}`]]);
});

test("Ctrl-C while a failed build is repeated ends the program at once, and deletes the build secrets", () => {
  enterProjectCopy();
  const exit = jest.spyOn(process, "exit").mockImplementation(() => undefined as never);
  jest.spyOn(childProcess, "spawnSync").mockReturnValue({ status: 0, stdout: "Docker version 20.10.24" } as never);
  const build = jest.spyOn(childProcess, "execFile").mockReturnValue({} as never); // does not end
  const stack = { name: "dev", engine: engines.docker, values: {}, isSecret: () => false } as unknown as OpenStack;
  const failed: Diagnostic = { urn: `${urn}/remoteImage:RemoteImage::spark-image-base`, message: "Error running legacy build" };
  void explainFailure(stack, [failed]);
  expect(build).toHaveBeenCalledTimes(1);
  expect(existsSync(".build/dev+explain/package-sources")).toBe(true);
  process.emit("SIGINT", "SIGINT");
  expect(existsSync(".build")).toBe(false);
  expect(exit).toHaveBeenCalledWith(130);
});

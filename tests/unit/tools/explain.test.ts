import { engines } from "../../../testbed/engines/socketsOfRoot";
import { explainFailure } from "../../../tools/stack/explain";
import type { OpenStack } from "../../../tools/stack/openStack";
import { fakeEngine } from "../helpers/engine";

const stack = { name: "dev", engine: engines.docker, isOnSwarm: false } as unknown as OpenStack;

test.each([
  ["spark-jupyterlab-container", "Shut down kernels in JupyterLab, then run make up again."],
  ["spark-worker-2", "Shut down kernels in JupyterLab, then run make up again."],
  ["spark-history-server-container", "Run make down, then make up."],
])("a limit below what %s uses comes once with both sizes, and with what frees memory", (resource, fix) => {
  const printed = jest.spyOn(console, "error").mockReturnValue();
  fakeEngine();
  const message =
    "error: updating urn: 1 error occurred: Unable to update a container: Error response from daemon: Cannot update container 2f0: " +
    "runc did not terminate successfully: exit status 1: unable to set memory limit to 943718400 (current usage: 1073741825, " +
    "peak usage: 1084227584): unknown";
  const diagnostic = { urn: `urn:pulumi:dev::spark-cluster::docker:index/container:Container::${resource}`, message };
  explainFailure(stack, [diagnostic, diagnostic, { ...diagnostic, message: "error: another" }]);
  expect(printed.mock.calls).toEqual([[`\n${resource} uses 1025 MiB of memory, more than its new limit, 900 MiB. ${fix}`]]);
});

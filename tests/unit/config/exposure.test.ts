import { isEverywhere } from "../../../engine/addresses";
import { exposureWarning } from "../../../config/exposure";
import { clusterConfig, Written } from "../../../testbed/stackConfig";

const warning = (written: Record<string, Written>) => exposureWarning(clusterConfig(written));
const open = { bindAddress: "192.168.1.20" };

test.each(["127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"])(
  "%s lets nobody in from elsewhere",
  (bindAddress) => {
    expect(warning({ bindAddress })).toBeUndefined();
  },
);

test("an address that others reach is said, with what they find at each port and how to close them", () => {
  expect(warning({ ...open, ports: { sparkUi: 80 } })?.split("\n")).toEqual([
    "Whoever reaches the engine's machine by 192.168.1.20 can reach:",
    "   8888  JupyterLab, with its token alone, which crosses the network in plain text as all of it does: pulumi config set tls generated",
    "     80  Spark's UI, without a login: the names, settings and logs of all applications",
    "  18080  the history server, without a login: the same of applications that have ended",
    "To close the ports: pulumi config set bindAddress 127.0.0.1",
  ]);
});

test.each(["0.0.0.0", "::", "0:0::0"])("%s is every address", (bindAddress) => {
  expect(isEverywhere(bindAddress)).toBe(true);
  expect(warning({ bindAddress })).toContain("by any of its addresses");
});

test("what TLS hides, what there is not, and ports that stay closed are told for what they are", () => {
  expect(warning({ ...open, tls: "generated" })).toContain("8888  JupyterLab, with its token alone\n");
  expect(warning({ ...open, historyServer: "false" })).not.toContain("history server");
  expect(warning({ ...open, metrics: "true" })).toContain("  9095  metrics, without a login");
  expect(warning(open)).not.toMatch(/Connect|metrics/);
  expect(warning({ ...open, sparkConnect: "true" })).toContain("The port of Connect, 15002, stays on 127.0.0.1.");
  expect(warning({ ...open, objectStore: "true" })).toContain("The port of S3, 7070, stays on 127.0.0.1.");
});

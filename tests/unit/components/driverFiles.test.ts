import { parse } from "dot-properties";

import { labSettings } from "../../../roles/jupyterlab/settings";
import { driverLogging } from "../../../spark/logging";
import { speedProperties } from "../../../spark/speed";
import { tlsEnvironment, tlsFiles, tlsRevision } from "../../../roles/jupyterlab/tls";
import { Tls } from "../../../config/clusterConfig";
import { clusterConfig } from "../../../testbed/stackConfig";
import { resolved } from "../helpers/mocks";

test("drivers log warnings, and of those that nobody can act on only errors", () => {
  const logging = parse(driverLogging()) as Record<string, string>;
  expect(logging).toMatchObject({ "rootLogger.level": "warn", "appender.stderr.target": "SYSTEM_ERR" });
  const levels = Object.keys(logging).filter((key) => /^logger\..*\.level$/.test(key));
  const others = levels
    .filter((key) => logging[key] !== "error")
    .map((key) => [logging[key.replace(/level$/, "name")], logging[key]]);
  expect(Object.fromEntries(others)).toEqual({
    "org.apache.spark.ContextCleaner": "warn",
    "org.apache.spark.ml.util.Instrumentation": "warn",
    "org.apache.spark.network.client.TransportClient": "warn",
    "org.apache.spark.network.server.TransportRequestHandler": "warn",
    "org.apache.spark.network.util.JavaUtils": "warn",
    "org.apache.spark.rpc.netty.Dispatcher": "warn",
    "org.apache.spark.scheduler.DAGScheduler": "warn", // below
    "org.apache.spark.scheduler.TaskSchedulerImpl": "warn",
    "org.apache.spark.scheduler.cluster.StandaloneSchedulerBackend$StandaloneDriverEndpoint": "warn",
    "org.apache.spark.storage.BlockManagerMaster": "warn", // but for one message
    "org.apache.spark.sql.execution.datasources.v2.WriteToDataSourceV2Exec": "off", // the stream reports why
    DataNucleus: "off", // Hive reports the same
    sparkmonitor: "off",
  });
  expect(Object.values(logging)).toEqual(
    expect.arrayContaining(["org.apache.hadoop.util.NativeCodeLoader", "dev.ludovic.netlib"]),
  );
});

test("a barrier stage that waits for executors is logged every 25 s, and a stopped stream's empty cancellation is not", () => {
  const logging = parse(driverLogging()) as Record<string, string>;
  const denied = new RegExp(`^(?:${String(logging["logger.jobs.filter.first.regex"])})$`);
  const message = (times: number) =>
    `Barrier stage in job 0 requires 2 slots, but only 1 are available. Will retry up to ${times} more times`;
  expect(logging["logger.jobs.filter.first.onMatch"]).toBe("DENY");
  const shown = Array.from({ length: 600 }, (_, index) => 600 - index).filter((times) => !denied.test(message(times)));
  expect(shown).toEqual(Array.from({ length: 23 }, (_, index) => 575 - 25 * index));
  const cancelled = (group: string) => `Failed to cancel job group ${group}. Cannot find active jobs for it.`;
  const groups = ["e62bd21f-f9cd-41ef-b72d-b8388ab7879e", "a-group-of-ones-own"];
  expect(groups.map((group) => denied.test(cancelled(group)))).toEqual([true, false]);
});

test("a report to a session that has stopped is not logged, and other failures of connections are", () => {
  const logging = parse(driverLogging()) as Record<string, string>;
  const ofDispatcher = "Message RequestMessage(spark-master:7077, ExecutorUpdated(0,RUNNING,None,None,None)) dropped";
  const isDenied = (logger: string, message: string) =>
    new RegExp(`^(?:${String(logging[`logger.${logger}.filter.first.regex`])})$`).test(message);
  expect([
    isDenied("endpoints", `${ofDispatcher} due to sparkEnv is stopped. Could not find AppClient.`),
    isDenied("endpoints", `${ofDispatcher}. Could not find AppClient.`),
    isDenied("reports", "Error while invoking RpcHandler#receive() for one-way message from spark-master/172.26.0.4:7077."),
    isDenied("reports", "Error while invoking RpcHandler#receive() for one-way message."), // of Spark 3.5
    isDenied("reports", "Error while invoking RpcHandler#receive() on RPC id 5"),
  ]).toEqual([true, false, true, true, false]);
});

test("how a session's Java deletes its temporary folders is not logged, and that it cannot delete them is", () => {
  const logging = parse(driverLogging()) as Record<string, string>;
  const denied = new RegExp(`^(?:${String(logging["logger.deletions.filter.first.regex"])})$`);
  const messages = [
    "Attempt to delete using native Unix OS command failed for path = /tmp/spark-1. Falling back to Java IO way",
    "Exception while deleting Spark temp dir: /tmp/spark-1",
  ];
  expect(messages.map((message) => denied.test(message))).toEqual([true, false]);
});

test("a refused write of a model is an error of Python alone, and other failures of MLlib are logged", () => {
  const logging = parse(driverLogging()) as Record<string, string>;
  // Java's (?s) is JavaScript's flag s.
  const regex = String(logging["logger.models.filter.first.regex"]).replace("(?s)", "");
  const messages = ["/tmp/m is on each container's own disk: ...\n\tat x", "Numeric overflow\n\tat x"];
  const denied = messages.map((text) => new RegExp(`^(?:${regex})$`, "s").test(`[1a2b] java.io.IOException: ${text}`));
  expect(denied).toEqual([true, false]);
});

test("an error in the background has its Python traceback and no Java trace, once", () => {
  const logging = parse(driverLogging()) as Record<string, string>;
  const exception = /%notEmpty\{%n%replace\{%ex\}\{\(\?s\)(.*)\}\{\}\}%n$/.exec(
    String(logging["appender.traceback.layout.pattern"]),
  );
  const failed = "py4j.Py4JException: Return Message: Traceback (most recent call last):\n  File\nValueError: x\n";
  const java = "\n\tat py4j.Protocol\nCaused by: x\n\tat y";
  expect(`${failed}${java}`.replace(new RegExp(String(exception?.[1]), "s"), "")).toBe(failed);
  for (const name of ["streaming.runtime.MicroBatchExecution", "streaming.runtime.StreamingQueryListenerBus"]) {
    const key = Object.keys(logging).find((each) => logging[each] === `org.apache.spark.sql.execution.${name}`);
    const logger = String(key).replace(/name$/, "");
    expect([logging[`${logger}appenderRef.first.ref`], logging[`${logger}additivity`]]).toEqual(["traceback", "false"]);
  }
});

describe("JupyterLab's settings", () => {
  const [ui, historyServer] = ["http://localhost:8080", "http://localhost:18080"];

  test("lead to Spark's pages by a menu, each in a tab of its own, and to no history server that there is not", () => {
    interface Settings {
      readonly menus: readonly { readonly items: readonly { readonly args: { url: string; newBrowserTab: boolean } }[] }[];
    }
    const linksOf = (text: string) =>
      (JSON.parse(text) as Record<string, Settings>)["@jupyterlab/mainmenu-extension:plugin"]?.menus[0]?.items.map(
        ({ args: { url, newBrowserTab } }) => [url, newBrowserTab],
      );
    const pages = [ui, historyServer].map((url) => [url, true]);
    expect(linksOf(labSettings({ sparkUi: ui, historyServer }))).toEqual(pages);
    expect(linksOf(labSettings({ sparkUi: ui }))).toEqual(pages.slice(0, 1));
  });

  test("ask nobody about news or updates", () => {
    expect(JSON.parse(labSettings({ sparkUi: ui, historyServer }))).toMatchObject({
      "@jupyterlab/apputils-extension:notification": { checkForUpdates: false, fetchNews: "false" },
    });
  });
});

describe("what makes a session quick", () => {
  test("drivers and executors map the same archives, by the class path that those were made for, and compile alike", () => {
    const properties = speedProperties(clusterConfig().sizes);
    for (const setting of ["extraClassPath", "defaultJavaOptions"]) {
      expect(properties[`spark.driver.${setting}`]).toMatch(/\/opt\/spark\/archives\//);
      expect(properties[`spark.executor.${setting}`]).toBe(properties[`spark.driver.${setting}`]);
    }
    expect(properties["spark.driver.defaultJavaOptions"]).toContain(" -Xss8m -XX:Tier4InvocationThreshold=50000 ");
  });

  test.each([
    { heap: "479m", simplest: false },
    { heap: "480m", simplest: true },
    { heap: "2047m", simplest: true },
    { heap: "2g", simplest: false },
  ])("whether a heap of $heap has the simplest collector: $simplest", ({ heap, simplest }) => {
    const { sizes } = clusterConfig({ driverMemory: "512m", executorMemory: heap, workerMemory: "4g" });
    const properties = speedProperties(sizes);
    const simple = expect.stringContaining("-XX:+NeverActAsServerClassMachine") as string;
    expect(properties["spark.driver.defaultJavaOptions"]).toEqual(simple);
    expect(simplest).toBe(properties["spark.executor.defaultJavaOptions"]?.includes("-XX:+NeverActAsServerClassMachine"));
  });
});

describe("TLS", () => {
  const own: Tls = { certificate: "a certificate", key: "a key" };
  const bindAddress = "127.0.0.1";

  test("that there is not is nowhere", () => {
    const config = { tls: "none", bindAddress } as const;
    expect([tlsEnvironment(config), tlsFiles(config), tlsRevision(config)]).toEqual([{}, {}, {}]);
  });

  test("by a certificate that is given lies among the files, its key as a secret, and its change is seen", async () => {
    const config = { tls: own, bindAddress };
    expect(tlsEnvironment(config)).toEqual({ JUPYTERLAB_TLS: "/etc/spark-cluster" });
    const { "tls.crt": certificate, "tls.key": key } = tlsFiles(config);
    expect(certificate).toBe("a certificate");
    expect(await resolved(key as never)).toEqual({ value: "a key", known: true, secret: true });
    expect(tlsRevision(config).tls).toMatch(/^[0-9a-f]{16}$/);
    expect(tlsRevision(config)).not.toEqual(tlsRevision({ tls: { ...own, certificate: "a renewed certificate" } }));
  });

  test.each([
    ["127.0.0.1", "DNS:localhost,IP:127.0.0.1,IP:::1"],
    ["::1", "DNS:localhost,IP:127.0.0.1,IP:::1"],
    ["0.0.0.0", "DNS:localhost,IP:127.0.0.1,IP:::1"],
    ["192.168.1.20", "DNS:localhost,IP:127.0.0.1,IP:::1,IP:192.168.1.20"],
  ])("bound to %s, by a generated certificate, is for %s, and lies where it stays", (address, names) => {
    const config = { tls: "generated", bindAddress: address } as const;
    expect(tlsEnvironment(config)).toEqual({ JUPYTERLAB_TLS: "/home/spark/.jupyter/tls", JUPYTERLAB_TLS_NAMES: names });
    expect([tlsFiles(config), tlsRevision(config)]).toEqual([{}, {}]);
  });
});

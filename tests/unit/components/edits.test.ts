import { engines } from "../../../testbed/engines/socketsOfRoot";
import { Written } from "../../../testbed/stackConfig";
import { edited, runCluster } from "../helpers/cluster";
import { resolved } from "../helpers/mocks";

const [master, ide, history] = ["spark-master-container", "spark-jupyterlab-container", "spark-history-server-container"];
const workers = ["spark-worker-1", "spark-worker-2"];
const catalog = "spark-catalog-container";
const containers = [master, ...workers, ide, history, catalog];
const files = (part: string) => `spark-${part}-config-volume`;

const edits: [string, Record<string, Written>, string[]][] = [
  ["nothing", {}, []],
  ["driverMemory, within the IDE's limit", { driverMemory: "900m", sessions: "1" }, [files("driver"), ide]],
  ["driverMemory", { driverMemory: "4g" }, [files("driver"), ide]],
  ["ideMemory", { ideMemory: "1g" }, [ide]],
  ["masterMemory", { masterMemory: "1g" }, [master]],
  ["daemonMemory", { daemonMemory: "512m" }, workers],
  ["workerMemory", { workerMemory: "4g" }, workers],
  ["workerCores", { workerCores: "3" }, workers],
  ["executorMemory, by as much as the workers have", { executorMemory: "500m" }, [files("driver")]],
  ["offHeapMemory", { offHeapMemory: "1g" }, [files("driver"), ...workers]],
  ["sparkProperties, which running notebooks outlive", { sparkProperties: { "spark.x": 7 } }, [files("driver")]],
  ["logSize", { logSize: "5m" }, [files("daemon"), ...containers]],
  ["workRetention", { workRetention: "2h" }, [files("daemon"), master, ...workers]],
  ["ideCores", { ideCores: "1" }, [ide]],
  ["daemonCores", { daemonCores: "1" }, [catalog, history, master]],
  ["tmpMemory", { tmpMemory: "256m" }, containers],
  ["ports.sparkUi, in every file", { ports: { sparkUi: 9999 } }, [files("daemon"), files("driver"), master, ...workers]],
  ["basePath", { basePath: "/spark" }, [files("daemon"), files("driver"), master, ...workers, ide]],
  ["catalogMemory", { catalogMemory: "1g" }, [catalog]],
  ["historyMemory", { historyMemory: "1g" }, [history]],
  ["eventLogRetention", { eventLogRetention: "1d" }, [files("history"), history]],
  ["ports.jupyterlab", { ports: { jupyterlab: 9999 } }, [ide]],
  ["tls", { tls: "generated" }, [ide]],
  ["readyTimeout", { readyTimeout: "99" }, ["spark-ready"]],
  ["a package source", { pipIndexUrl: "https://pip.example.com" }, []],
];

describe.each(Object.values(engines))("on $kind, an edit touches what it concerns:", (engine) => {
  const pids = engine.kind === "docker" ? ["spark-pids"] : [];

  test.each([...edits, ["pidsLimit", { pidsLimit: "4096" }, pids] as (typeof edits)[number]])("%s", async (_, edit, expected) => {
    expect(await edited(edit, { engine })).toEqual({ added: [], removed: [], changed: [...expected].sort() });
  });

  test("another generation of the token is another resource; drivers' files and the IDE change with it", async () => {
    expect(await edited({ tokenGeneration: "2" }, { engine })).toEqual({
      added: ["spark-token-2"],
      removed: ["spark-token"],
      changed: [files("driver"), ide].sort(),
    });
  });

  test("images that are pulled change nothing but the images", async () => {
    const { added, removed, changed } = await edited(
      { imageSource: "pull", imageRegistry: "registry.example.com/team" },
      { engine },
    );
    expect([...added, ...changed].filter((name) => !name.startsWith("spark-image-"))).toEqual([]);
    expect(changed.length).toBeGreaterThanOrEqual(7);
    expect(removed).toEqual(["spark-image-jupyterlab-environment"]);
  });

  test("a history server can be left out, with its files; drivers, daemons and their readers know", async () => {
    expect(await edited({ historyServer: "false" }, { engine })).toEqual({
      added: [],
      removed: ["spark-history-config-files", files("history"), history],
      changed: [files("daemon"), files("driver"), master, ...workers, ...pids, "spark-ready"].sort(),
    });
  });

  test("the shared catalog can be left out, with its database; drivers know, master and workers do not", async () => {
    const removed = [
      "spark-catalog-config-files",
      files("catalog"),
      catalog,
      "spark-catalog-data-volume",
      "spark-catalog-password",
    ];
    const images = ["spark-image-catalog", ...(engine.kind === "docker" ? [] : ["spark-image-catalog-supplied"])];
    const changed = [files("driver"), ...pids, "spark-ready"];
    expect(await edited({ catalog: "session" }, { engine })).toEqual({ added: [], removed: [...removed, ...images], changed });
  });

  test("an object store is one container with its files, data and keys; the IDE and what has a Spark in its image know it", async () => {
    const { added, removed, changed } = await edited({ objectStore: "true" }, { engine });
    const keys = ["spark-object-store-access-key", "spark-object-store-secret-key"];
    const own = [
      ...keys,
      "spark-object-store-config-files",
      files("object-store"),
      "spark-object-store-container",
      "spark-object-store-data-volume",
    ];
    expect(added.filter((name) => !name.startsWith("spark-image-"))).toEqual([...own].sort());
    expect(removed).toEqual([]);
    const ofImages = (name: string) => name.startsWith("spark-image-");
    expect(changed.filter((name) => !ofImages(name))).toEqual([files("driver"), ide, ...pids, "spark-ready"].sort());
  });

  test("a Spark Connect server is one container with its files, disk and token, and one of the sessions", async () => {
    const added = [
      "spark-connect-config-files",
      files("connect"),
      "spark-connect-container",
      "spark-connect-local",
      "spark-connect-token",
    ];
    const changed = [ide, ...pids, "spark-ready"];
    expect(await edited({ sparkConnect: "true" }, { engine })).toEqual({ added, removed: [], changed });
  });
});

test.each([false, true])(
  "adding a worker registers one container and its volume more, and changes no other container (preview: %s)",
  async (preview) => {
    const { added, removed, changed } = await edited({ workers: "3" }, { preview });
    expect({ added, removed }).toEqual({ added: ["spark-worker-3", "spark-worker-3-local"], removed: [] });
    // A session's cores are those of all workers; the wait for the cluster is for all workers. In a preview both are hidden or unknown.
    expect([files("driver"), "spark-pids", "spark-ready"]).toEqual(expect.arrayContaining(changed));
    expect(changed).toContain("spark-ready");
  },
);

test("adding a worker also makes a Spark Connect server anew, whose session has the cores of all workers", async () => {
  const { changed } = await edited({ workers: "3" }, {}, { sparkConnect: "true" });
  expect(changed.filter((name) => containers.includes(name) || name.includes("connect"))).toEqual([
    files("connect"),
    "spark-connect-container",
  ]);
});

test("workers are called by their numbers, from 1 on, however many there are", async () => {
  const { result, get } = await runCluster({ workers: "11" });
  const names = Array.from({ length: 11 }, (_, index) => `spark-worker-${String(index + 1)}`);
  expect((await resolved(result.workers)).value).toEqual(names);
  expect(names.map((name) => get(name).inputs.hostname)).toEqual(names);
  expect(() => get("spark-worker-12")).toThrow("there is not one spark-worker-12");
});

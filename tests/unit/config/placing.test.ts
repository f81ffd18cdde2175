import { SwarmConfig } from "../../../config/clusterConfig";
import { Mebibytes } from "../../../config/memory";
import { nodesOf } from "../../../config/placing";
import { roles } from "../../../roles";
import { AwayNode, SwarmFacts, SwarmNode } from "../../../engine/nodes";
import { clusterConfig, source, Written } from "../../../testbed/stackConfig";
import { errorOf, expectFixed, fixed, problemsOf, Told } from "../helpers/problems";
import { inBucket, node, onNfs, onSwarm, swarmOf, swarmRead } from "../helpers/swarm";

const gibibyte: Mebibytes = 1024;
const ssd = { labels: { disk: "ssd" } };

/** What is wrong with a stack on a swarm. */
const problems = (written: Readonly<Record<string, Written>>, swarm: SwarmFacts) =>
  problemsOf(source({ ...onSwarm, ...written }, swarmRead(swarm)));

const expectRefused = (edit: Readonly<Record<string, Written>>, swarm: SwarmFacts, problem: Told) => {
  expectFixed({ ...onSwarm, ...edit }, problem, swarmRead(swarm));
};

test("images that are built on one node are refused: the others have none", () => {
  expectRefused({ imageSource: "build" }, swarmOf(node("a")), {
    key: "imageSource",
    value: "build",
    allowed: expect.stringMatching(/^pull, on a swarm: .*make publish/) as string,
    fix: "pulumi config set imageSource pull",
  });
});

describe("data on the disk of one node", () => {
  test("is accepted on a swarm of one node, and refused on one of several", () => {
    expect(problems({}, swarmOf(node("a")))).toEqual([]);
    expectRefused({}, swarmOf(node("a"), node("b"), node("c")), {
      key: "sharedStorage",
      value: "nothing",
      allowed: expect.stringContaining("a place that all 3 nodes see") as string,
      fix: "pulumi config set --path sharedStorage.nfs SERVER:/EXPORT",
    });
  });

  test.each<[string, Record<string, Written>]>([
    ["a server's export", onNfs],
    ["a folder", { sharedStorage: { folder: "/mnt/all" } }],
    ["a bucket", inBucket],
  ])("is none where there is %s", (_, written) => {
    expect(problems(written, swarmOf(node("a"), node("b")))).toEqual([]);
  });

  test("is what there is where a store has no bucket", () => {
    const s3 = { accessKey: "AKIA", secretKey: "hunter2" };
    expect(problems({ s3 }, swarmOf(node("a"), node("b"))).map(({ key }) => key)).toEqual(["sharedStorage"]);
  });
});

describe("a node that is away", () => {
  const away = (rest: Partial<AwayNode> = {}): AwayNode => ({ id: "b", name: "b", isDown: false, labels: {}, ...rest });

  test("counts: data on the disk of one node is refused as before, with the command for a node that has left", () => {
    const stale = away({ isDown: true });
    const found = [away(), stale].map((each) => problems({}, { ...swarmOf(node("a")), away: [each] })[0]?.allowed);
    expect(found).toEqual([
      expect.stringMatching(/all 2 nodes see.* s3\.bucket\. Node b counts, although it takes no containers now$/),
      expect.stringMatching(/all 2 nodes see.*Node b is down; if it has left the swarm, docker node rm b removes it$/),
    ]);
  });

  test.each([
    [false, "is drained or paused", "docker node update --availability active b"],
    [true, "is down", "# start the engine of node b"],
  ])("and has the label of a role is named, and the label stays (down: %s)", (isDown, state, fix) => {
    const swarm = { ...swarmOf(node("a")), away: [away({ isDown, ...ssd })] };
    expect(problems({ ...onNfs, placement: { worker: "disk=ssd" } }, swarm)).toMatchObject([
      { key: "placement.worker", fix, allowed: `a label of a node that takes containers; node b has it, and ${state}` },
    ]);
  });
});

describe("the manager, drained or paused,", () => {
  const manager: AwayNode = { id: "m", name: "boss", isDown: false, labels: {} };
  const swarm = { ...swarmOf(node("b", ssd), node("c")), manager: "m", away: [manager] };
  const fix = "docker node update --availability active boss";
  const mustRun = "a manager that takes containers: this one takes none (it is drained or paused), and has to run";

  test.each<[string, Record<string, Written>, string]>([
    ["JupyterLab alone", onNfs, "jupyterlab, unless placement.jupyterlab is the LABEL=VALUE of other nodes"],
    ["every role with a volume of its own", inBucket, "catalog, history-server, jupyterlab, master"],
    ["these but one that has a label", { ...inBucket, placement: { jupyterlab: "disk=ssd" } }, "catalog, history-server, master"],
  ])("is the one problem of what it has to run: %s", (_, written, words) => {
    const told = { key: "docker:host", value: "boss", allowed: `${mustRun} ${words}`, fix };
    expect(problems(written, swarm)).toEqual([told]);
    expect(problems(written, { ...swarm, nodes: [node("m"), ...swarm.nodes], away: [] })).toEqual([]);
  });

  test("is none where nothing has to be there, and does not hide that workers find no room", () => {
    expect(problems({ ...onNfs, placement: { jupyterlab: "disk=ssd" } }, swarm)).toEqual([]);
    const small = { ...swarm, nodes: [node("b", { memory: gibibyte })], away: [manager] };
    const found = problems({ ...onNfs, historyServer: "false", catalog: "session" }, small);
    expect(found.map(({ key }) => key)).toEqual(expect.arrayContaining(["docker:host", "workers"]));
  });

  test("is not the cause where its node is down, which nothing here can change", () => {
    const down = problems(onNfs, { ...swarm, away: [{ ...manager, isDown: true }] });
    expect(down.map(({ key }) => key)).toEqual(["placement.jupyterlab"]);
  });
});

describe("a label", () => {
  test("is found among the nodes' by its name and its value", () => {
    const nodes = [
      node("a"),
      node("b", ssd),
      node("c", { labels: { disk: "hdd" } }),
      node("d", { labels: { ...ssd.labels, x: "y" } }),
    ];
    const ids = (placement: SwarmConfig["placement"]) => nodesOf("worker", placement, nodes).map(({ id }) => id);
    expect(ids({ worker: "disk=ssd" })).toEqual(["b", "d"]);
    expect(ids({ worker: "disk=ss" })).toEqual([]);
    expect(ids({ worker: "constructor=x" })).toEqual([]);
    expect(ids({ master: "disk=ssd" })).toEqual(["a", "b", "c", "d"]);
  });

  test.each([
    ["master", "2"],
    ["worker", "2"],
    ["history-server", "2"],
    ["worker", "per-node"],
  ])("that no node has is refused for %s, of %s workers", (role, workers) => {
    expectRefused({ ...onNfs, workers, placement: { [role]: "disk=tape" } }, swarmOf(node("a", ssd), node("b")), {
      key: `placement.${role}`,
      value: '"disk=tape"',
      allowed: expect.stringMatching(/a label that a node of the swarm has.*docker node update --label-add/) as string,
      fix: `pulumi config rm --path placement.${role}`,
    });
  });
});

describe("processors", () => {
  const swarm = swarmOf(node("a", { cpus: 8 }), node("b", { cpus: 3 }));
  const mixed = swarmOf(node("a", { cpus: 3 }), node("b", { cpus: 16, ...ssd }), node("c", { cpus: 12, ...ssd }));
  const onSsd = (...roles: string[]) => ({ ...onNfs, placement: Object.fromEntries(roles.map((role) => [role, "disk=ssd"])) });

  test.each<[string, string, SwarmFacts, Record<string, Written>, string, string]>([
    ["workerCores", "4", swarm, onNfs, "the smallest node's 3 CPUs", "3"],
    ["workerCores", "13", mixed, onSsd("worker"), "the 12 CPUs of the smallest node that placement.worker allows", "12"],
    ["workerCores", "13", mixed, { ...onSsd("worker"), workers: "per-node" }, "the 12 CPUs of the smallest node that", "12"],
    ["ideCores", "9", swarm, onNfs, "the manager's 8 CPUs", "8"],
    ["ideCores", "4", swarm, { ...onNfs, sparkConnect: "true", sessions: "2" }, "the smallest node's 3 CPUs", "3"],
    ["ideCores", "13", mixed, onSsd("jupyterlab"), "the 12 CPUs of the smallest node that placement.jupyterlab allows", "12"],
    ["daemonCores", "4", mixed, onSsd("master"), "the smallest node's 3 CPUs", "3"],
    ["daemonCores", "9", swarm, inBucket, "the manager's 8 CPUs", "8"],
  ])("are those of the smallest node that may run the containers of %s, above %s", (key, value, nodes, written, words, most) => {
    const allowed = expect.stringContaining(`at most ${words}`) as string;
    expectRefused({ ...written, [key]: value }, nodes, { key, value, allowed, fix: `pulumi config set ${key} ${most}` });
    expect(problems({ ...written, [key]: most }, nodes)).toEqual([]);
  });

  test("have no limit for a role that no node may run now, which is told by itself", () => {
    const found = problems({ ...onNfs, workerCores: "99", placement: { worker: "disk=tape" } }, mixed);
    expect(found.map(({ key }) => key)).toEqual(["placement.worker"]);
  });

  test("of the engine that was asked count on a swarm no more than its memory does", () => {
    const size = { cpus: 1, memory: gibibyte };
    expect(problemsOf(source({ ...onSwarm, ...onNfs }, { ...swarmRead(swarm), size }))).toEqual([]);
  });
});

describe("room", () => {
  const of = clusterConfig(onSwarm).sizes;
  const worker = roles.worker.memory(of);
  const ide = roles.jupyterlab.memory(of) + roles.gateway.memory(of);
  const rest = ide + roles.master.memory(of) + roles["history-server"].memory(of) + roles.catalog.memory(of);
  const otherwise = "# add a node to the swarm, or set smaller memory keys";
  const a = (memory: Mebibytes) => node("a", { memory });
  const b = (memory: Mebibytes, labels = {}) => node("b", { memory, ...labels });
  const placed = { ...onNfs, placement: { worker: "disk=ssd" } };
  const tooFew = (workers: string, found: string, fitting: string) => ({
    ...{ key: "workers", value: workers, fix: `pulumi config set workers ${fitting}` },
    allowed: `as much as the nodes hold: ${found} left`,
  });
  const noRoom = {
    ...{ key: "placement.jupyterlab", value: "no room", fix: otherwise },
    allowed: expect.stringContaining("1 x jupyterlab of 4480m found no node with more than 4479m left") as string,
  };
  const tied = ["master", "history-server", "catalog"].map((role) => ({ key: `placement.${role}`, fix: otherwise }));

  test.each<[string, Record<string, Written>, readonly SwarmNode[], object[]]>([
    ["all containers together, the gateway's too", {}, [a(rest + 2 * worker)], []],
    ["the same, where 1 MiB is missing", {}, [a(rest + 2 * worker - 1)], [{ key: "placement.catalog" }]],
    [
      ...(["workers, with how many there is room for", { workers: "5" }, [a(rest + 3 * worker)]] as const),
      [tooFew("5", "2 x worker of 3200m found no node with more than 1536m", "3")],
    ],
    [
      ...(["what two nodes have together and neither alone", onNfs] as const),
      [a(rest + worker), b(worker - 1), node("c", { memory: worker - 1 })],
      [{ key: "workers", fix: "pulumi config set workers 1" }],
    ],
    ["workers on nodes with their label", { ...placed, workers: "3" }, [node("a"), b(3 * worker, ssd)], []],
    [
      ...(["more workers than there", { ...placed, workers: "5" }, [node("a"), b(3 * worker, ssd)]] as const),
      [tooFew("5", "2 x worker of 3200m found no node with more than 0m", "3")],
    ],
    ["workers wherever they fit", { ...onNfs, workers: "2" }, [node("a"), b(worker - 1)], []],
    [
      ...(["a worker on each node", { ...onNfs, workers: "per-node" }, [node("a"), b(worker - 1)]] as const),
      [tooFew("2", "1 x worker of 3200m found no node with more than 3199m", "1")],
    ],
    ["JupyterLab on the manager", onNfs, [a(ide), node("b")], []],
    ["JupyterLab, where 1 MiB is missing", onNfs, [a(ide - 1), node("b")], [noRoom]],
    ["JupyterLab on nodes with its label", { ...onNfs, placement: { jupyterlab: "disk=ssd" } }, [a(192), node("b", ssd)], []],
    ["all but workers, where data is on the manager's disk", inBucket, [a(rest), node("b")], []],
    ["the same, where JupyterLab alone has room", inBucket, [a(ide), node("b")], tied],
    ["no worker, which no number of them fixes", {}, [a(rest)], [{ key: "workers", value: "2", fix: otherwise }]],
  ])("is found, or missed, for %s", (_, written, nodes, expected) => {
    const found = problems(written, swarmOf(...nodes));
    expect(found).toMatchObject(expected);
    const fix = found[0]?.fix ?? "";
    if (fix.startsWith("pulumi")) {
      expect(errorOf(source(fixed({ ...onSwarm, ...written }, fix), swarmRead(swarmOf(...nodes))))).toBeUndefined();
    }
  });

  test("is none where no node takes containers", () => {
    const found = problems({}, { ...swarmOf(), manager: "a" });
    const keys = ["catalog", "history-server", "jupyterlab", "master"].map((role) => `placement.${role}`);
    expect(found.map(({ key }) => key).sort()).toEqual([...keys, "workers"]);
    expect(new Set(found.map(({ fix }) => fix))).toEqual(new Set([otherwise]));
  });
});

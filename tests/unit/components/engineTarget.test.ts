import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ClusterNetwork } from "../../../components/clusterNetwork";
import { dialects } from "../../../components/dialect";
import { EngineTarget } from "../../../components/engineTarget";
import { ImageHierarchy } from "../../../components/imageHierarchy";
import { ContainerArgs } from "../../../components/target";
import { EngineKind } from "../../../engine/engine";
import { imagesOf } from "../../../images/plan";
import { containerOptions, hardening } from "../helpers/cluster";
import { engines } from "../helpers/engine";
import { enterProjectCopy } from "../helpers/folders";
import { run } from "../helpers/mocks";
import { clusterConfig } from "../helpers/stackConfig";

const program =
  (rest: Partial<ContainerArgs> = {}, kind: EngineKind = "docker") =>
  () => {
    const [engine, dialect] = [engines[kind], dialects[kind]];
    const owner = { stack: "dev", home: "abc" };
    const config = clusterConfig({ tmpMemory: "100m" });
    const images = new ImageHierarchy("images", { ...config, stack: "dev", engine, dialect });
    const target = new EngineTarget(engine, dialect);
    const parent = new pulumi.ComponentResource("spark-cluster:test:Parent", "parent");
    return target.run(
      "it",
      {
        owner,
        target,
        config,
        images,
        network: new ClusterNetwork("net", { owner, kind: target.network }),
        workspace: { volumeName: "workspace", containerPath: "/opt/workspace" },
        configFiles: target.files("files", { owner, part: "part", images, files: { file: "content" } }, parent),
        role: "worker",
        part: "part",
        hostname: "host",
        image: new docker.RemoteImage("image", { name: "image" }),
        memory: 100,
        cpus: 1,
        ...rest,
      },
      parent,
    );
  };

beforeAll(() => {
  enterProjectCopy();
});

test("a container that asks for nothing is closed: no root's rights, no writable root, no port, no swap", async () => {
  const { inputs, options } = (await run(program())).get("it-container");
  expect(inputs).toMatchObject({ ...hardening, memory: 100, memorySwap: 100, envs: [] });
  expect(inputs).not.toHaveProperty("ports");
  expect(inputs).not.toHaveProperty("privileged");
  expect(options).toMatchObject({ ...containerOptions, ignoreChanges: [], replaceOnChanges: [] });
});

test("what makes it anew is a label, and no other label changes with it", async () => {
  const one = (await run(program())).get("it-container").inputs.labels as unknown[];
  const other = (await run(program({ madeAnewBy: { config: "7" } }))).get("it-container").inputs.labels as unknown[];
  expect(other).toHaveLength(one.length + 1);
  expect(other).toEqual(expect.arrayContaining([...one, { label: "spark-cluster.config", value: "7" }]));
});

test("another size of /tmp and another network make it anew, for the provider would do nothing", async () => {
  const { inputs } = (await run(program())).get("it-container");
  expect(inputs.tmpfs).toEqual({ "/tmp": expect.stringMatching(/,size=100m$/) as string });
  expect(inputs.labels).toEqual(
    expect.arrayContaining([
      { label: "spark-cluster.tmp", value: "100m" },
      { label: "spark-cluster.network", value: "net-network-id" },
    ]),
  );
});

test("the shared volume, its files and its own volumes are readable on a host with SELinux", async () => {
  const volumes = [{ volumeName: "own", containerPath: "/own" }];
  expect((await run(program({ volumes }))).get("it-container").inputs.volumes).toEqual([
    { volumeName: "workspace", containerPath: "/opt/workspace", selinuxRelabel: "z" },
    { volumeName: "spark-cluster-dev-part-files", containerPath: "/etc/spark-cluster", readOnly: true, selinuxRelabel: "z" },
    { volumeName: "own", containerPath: "/own", selinuxRelabel: "z" },
  ]);
});

test("it is touched when every image stands and its files are written", async () => {
  const { dependencies } = (await run(program())).get("it-container").options;
  const images = imagesOf({ sizes: { catalog: "session" } }).map((name) => `images-${name}`);
  expect(dependencies).toEqual(expect.arrayContaining([...images, "files-volume"]));
});

test("processors are written as the engine says them back", async () => {
  expect((await run(program({ cpus: 3 }))).get("it-container").inputs.cpus).toBe("3.0");
});

describe("on Podman", () => {
  test("it joins the network by its mode, with its name as an option, and is closed in the same way", async () => {
    const ofDocker = (await run(program())).get("it-container").inputs;
    const { networksAdvanced, ...others } = ofDocker;
    expect(networksAdvanced).toEqual([{ name: "spark-cluster-dev-network", aliases: ["host"] }]);
    expect((await run(program({}, "podman"))).get("it-container").inputs).toEqual({
      ...others,
      networkMode: "spark-cluster-dev-network:alias=host",
    });
  });

  test("limits that cannot be changed make it anew, and what is told back in other words is not looked at", async () => {
    const { options } = (await run(program({}, "podman"))).get("it-container");
    expect(options).toMatchObject(containerOptions);
    expect([...options.replaceOnChanges].sort()).toEqual(["cpus", "memory", "memorySwap"]);
    expect([...options.ignoreChanges].sort()).toEqual(["capabilities", "logOpts", "networkMode", "tmpfs"]);
  });
});

test("on an engine that cannot limit containers no limit is asked for, which a refresh would not find", async () => {
  const config = { ...clusterConfig(), limits: false };
  const { inputs } = (await run(program({ config, cpus: 2 }))).get("it-container");
  expect(Object.keys(inputs).filter((input) => /memory|cpus/i.test(input))).toEqual([]);
});

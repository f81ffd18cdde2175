import * as docker from "@pulumi/docker";

import { clusterContainer, ClusterContainerArgs } from "../../../components/container";
import { hardening } from "../helpers/cluster";
import { run } from "../helpers/mocks";

const program =
  (rest: Partial<ClusterContainerArgs> = {}) =>
  () =>
    clusterContainer(
      "it",
      {
        owner: { stack: "dev", home: "abc" },
        role: "worker",
        part: "part",
        hostname: "host",
        image: new docker.RemoteImage("image", { name: "image" }),
        network: "net",
        memory: 100,
        tmpMemory: 10,
        volumes: [],
        healthcheck: "check",
        ...rest,
      },
      {},
    );

test("a container that asks for nothing is closed: no root's rights, no writable root, no port, no swap", async () => {
  const { inputs } = (await run(program())).get("it");
  expect(inputs).toMatchObject({ ...hardening, memory: 100, memorySwap: 100, envs: [] });
  expect(inputs).not.toHaveProperty("ports");
  expect(inputs).not.toHaveProperty("privileged");
});

test("what makes it anew is a label, and no other label changes with it", async () => {
  const one = (await run(program())).get("it").inputs.labels as unknown[];
  const other = (await run(program({ madeAnewBy: { config: "7" } }))).get("it").inputs.labels;
  expect(other).toEqual([...one, { label: "spark-cluster.config", value: "7" }]);
});

test("processors are written as the engine says them back", async () => {
  expect((await run(program({ cpus: 3 }))).get("it").inputs.cpus).toBe("3.0");
  expect((await run(program())).get("it").inputs).not.toHaveProperty("cpus");
});

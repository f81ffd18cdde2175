import { ClusterNetwork } from "../../../components/clusterNetwork";
import { dialects } from "../../../components/dialect";
import { EngineTarget } from "../../../components/engineTarget";
import { EngineKind } from "../../../engine/engine";
import { engines } from "../helpers/engine";
import { resolved, run } from "../helpers/mocks";

const owner = { stack: "dev", home: "abc" };
const kindOn = (engine: EngineKind) => new EngineTarget(engines[engine], dialects[engine]).network;

test.each([false, true])("the network is named after the stack and carries its labels (preview: %s)", async (preview) => {
  const program = () => new ClusterNetwork("spark", { owner, kind: kindOn("docker") });
  const { get, result } = await run(program, { preview });
  expect(get("spark-network")).toMatchObject({
    type: "docker:index/network:Network",
    inputs: {
      name: "spark-cluster-dev-network",
      driver: "bridge",
      labels: [
        { label: "spark-cluster.stack", value: "dev" },
        { label: "spark-cluster.home", value: "abc" },
      ],
    },
    options: { parent: "spark", deleteBeforeReplace: true, ignoreChanges: [] },
  });
  expect(await resolved(result.name)).toEqual({ value: "spark-cluster-dev-network", known: true, secret: false });
});

test("a network that is made anew under its name has another id, which an up knows and a preview does not", async () => {
  const program = () => new ClusterNetwork("spark", { owner, kind: kindOn("docker") });
  expect(await resolved((await run(program)).result.networkId)).toMatchObject({ value: "spark-network-id", known: true });
  expect(await resolved((await run(program, { preview: true })).result.networkId)).toMatchObject({ known: false });
});

test("on Podman it is the same network, but for what Podman says back", async () => {
  const network = async (kind: EngineKind) =>
    (await run(() => new ClusterNetwork("spark", { owner, kind: kindOn(kind) }))).get("spark-network");
  const [docker, podman] = [await network("docker"), await network("podman")];
  expect(podman.inputs).toEqual(docker.inputs);
  expect(podman.options).toEqual({ ...docker.options, ignoreChanges: ["ipamOptions"] });
});

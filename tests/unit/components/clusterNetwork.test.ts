import { ClusterNetwork } from "../../../components/clusterNetwork";
import { resolved, run } from "../helpers/mocks";

test.each([false, true])("the network is named after the stack and carries its labels (preview: %s)", async (preview) => {
  const owner = { stack: "dev", home: "abc" };
  const { get, result } = await run(() => new ClusterNetwork("spark", { owner }), { preview });
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
    options: { parent: "spark", deleteBeforeReplace: true },
  });
  expect(await resolved(result.name)).toEqual({ value: "spark-cluster-dev-network", known: true, secret: false });
});

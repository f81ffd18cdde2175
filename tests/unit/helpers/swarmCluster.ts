import { Written } from "../../../testbed/stackConfig";
import { ClusterOptions, runCluster } from "./cluster";
import { customResources, Registration, Run } from "./mocks";
import { node, onNfs, onSwarm, swarmOf, swarmRead, three } from "./swarm";

export const one = swarmOf(node("a"));

/** A cluster on a swarm: of one node, unless told. */
export const onASwarm = (written: Readonly<Record<string, Written>> = {}, options: ClusterOptions = {}, swarm = one) =>
  runCluster({ ...onSwarm, ...written }, { read: swarmRead(swarm), ...options });
export const onThree = (written: Readonly<Record<string, Written>> = onNfs, options: ClusterOptions = {}) =>
  onASwarm(written, options, three);

/** A service as it is told to the swarm, as far as it is looked at here. */
interface Told {
  readonly name: string;
  readonly mode: unknown;
  readonly endpointSpec: unknown;
  readonly auth?: unknown;
  readonly taskSpec: {
    readonly containerSpec: {
      readonly image: string;
      readonly hostname: string;
      readonly env: Readonly<Record<string, string>>;
      readonly secrets: readonly Readonly<Record<string, unknown>>[];
      readonly mounts: readonly {
        readonly target: string;
        readonly source: string;
        readonly volumeOptions: Readonly<Record<string, unknown>>;
      }[];
      readonly healthcheck: { readonly tests: readonly string[] };
      readonly stopGracePeriod: string;
    };
    readonly placement: { readonly constraints: readonly string[] };
    readonly resources: { readonly limits: { memoryBytes: number }; readonly reservation: { memoryBytes: number } };
    readonly restartPolicy: unknown;
    readonly logDriver: unknown;
  };
}

/** Role -> its service's name in the program. */
export const services = {
  master: "spark-master-service",
  worker: "spark-worker-service",
  jupyterlab: "spark-jupyterlab-service",
  "history-server": "spark-history-server-service",
  connect: "spark-connect-service",
  catalog: "spark-catalog-service",
} as const;
export type Placed = keyof typeof services;
export const always: readonly Placed[] = ["master", "worker", "jupyterlab", "history-server", "catalog"];
export const everyRole = Object.keys(services) as Placed[];
/** What a stack with a server for each of the roles has written. */
export const withAll = { sparkConnect: "true" };

export const told = ({ get }: Run<unknown>, role: Placed) => get(services[role]).inputs as unknown as Told;
export const container = (cluster: Run<unknown>, role: Placed) => told(cluster, role).taskSpec.containerSpec;
export const constraints = (cluster: Run<unknown>, role: Placed) => told(cluster, role).taskSpec.placement.constraints;
/** Where in the container a volume is -> the volume. */
export const mounts = (cluster: Run<unknown>, role: Placed) =>
  Object.fromEntries(container(cluster, role).mounts.map(({ target, source }) => [target, source]));
/** The resources whose type ends with a word. */
export const ofType = ({ resources }: Run<unknown>, type: string): readonly Registration[] =>
  customResources(resources).filter((each) => each.type.endsWith(`:${type}`));

// What another Pulumi program imports as "spark-cluster".
export { SparkCluster } from "./sparkCluster";
export type { ConfigArgs, PlacementArgs, PortsArgs, S3Args, SharedStorageArgs, SparkClusterArgs } from "./sparkClusterArgs";

import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ImageConfig, PackageSources } from "../config/clusterConfig";
import { writeBuildSecrets } from "../images/buildSecrets";
import { imageTag } from "./imageTag";

export interface ImageHierarchyArgs {
  readonly stack: string;
  readonly images: ImageConfig;
  readonly packageSources: PackageSources;
}

/** base -> spark-base -> spark-master, spark-worker, jupyterlab: each tagged with what it and its parents are made of. */
export class ImageHierarchy extends pulumi.ComponentResource {
  public readonly base: docker.RemoteImage;
  public readonly sparkBase: docker.RemoteImage;
  public readonly sparkMaster: docker.RemoteImage;
  public readonly sparkWorker: docker.RemoteImage;
  public readonly jupyterlab: docker.RemoteImage;

  constructor(name: string, args: ImageHierarchyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:images:ImageHierarchy", name, {}, opts);
    const secrets = writeBuildSecrets(args.stack, args.packageSources);
    const { baseImage, rebuild, sparkVersion } = args.images;

    const build = (image: string, parent: Built | undefined, buildArgs: Readonly<Record<string, string>>): Built => {
      const context = `images/${image}`;
      const allArgs = { ...(parent === undefined ? {} : { PARENT: parent.reference }), ...buildArgs };
      const reference = `spark-cluster/${image}:${imageTag(context, allArgs)}`;
      const resource = new docker.RemoteImage(
        `${name}-${image}`,
        {
          name: reference,
          keepLocally: true, // other stacks use it too; `make prune-images` takes away what nobody uses
          // BuildKit through the engine's own door: the newer way builds on this machine whatever docker:host says.
          build: { context, buildArgs: allArgs, secrets, useLegacyBuilder: true },
        },
        // The new one stands before the old one goes, so that a build that fails leaves the cluster as it was.
        { parent: this, dependsOn: parent?.resource, deleteBeforeReplace: false },
      );
      return { reference, resource };
    };

    const base = build("base", undefined, { BASE_IMAGE: baseImage, REBUILD: rebuild });
    const sparkBase = build("spark-base", base, { SPARK_VERSION: sparkVersion });
    this.base = base.resource;
    this.sparkBase = sparkBase.resource;
    this.sparkMaster = build("spark-master", sparkBase, {}).resource;
    this.sparkWorker = build("spark-worker", sparkBase, {}).resource;
    this.jupyterlab = build("jupyterlab", sparkBase, {}).resource;
    this.registerOutputs({});
  }
}

interface Built {
  readonly reference: string;
  readonly resource: docker.RemoteImage;
}

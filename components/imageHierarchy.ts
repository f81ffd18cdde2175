import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ImageConfig, PackageSources } from "../config/clusterConfig";
import { buildSecretsOf, writeBuildSecrets } from "../images/buildSecrets";
import { ImageName, imageNames, planImages } from "../images/plan";

export interface ImageHierarchyArgs {
  readonly stack: string;
  readonly images: ImageConfig;
  readonly packageSources: PackageSources;
}

/** base -> spark-base -> spark-master, spark-worker, jupyterlab: each tagged with what it and its parents are made of. */
export class ImageHierarchy extends pulumi.ComponentResource {
  public readonly base: docker.RemoteImage;
  public readonly sparkMaster: docker.RemoteImage;
  public readonly sparkWorker: docker.RemoteImage;
  public readonly jupyterlab: docker.RemoteImage;

  constructor(name: string, args: ImageHierarchyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:images:ImageHierarchy", name, {}, opts);
    const plan = planImages(args.images);
    const secrets = buildSecretsOf(args.stack);
    if (!pulumi.runtime.isDryRun()) {
      writeBuildSecrets(args.stack, args.packageSources);
    }
    const built = {} as Record<ImageName, docker.RemoteImage>; // full after the loop, which sees parents first
    for (const image of imageNames) {
      const { parent, context, buildArgs, reference } = plan[image];
      built[image] = new docker.RemoteImage(
        `${name}-${image}`,
        {
          name: reference,
          keepLocally: true, // other stacks use it too; `make prune-images` takes away what nobody uses
          // BuildKit through the engine's own door: the newer way builds on this machine whatever docker:host says.
          build: { context, buildArgs, secrets, useLegacyBuilder: true },
        },
        // The new one stands before the old one goes, so that a build that fails leaves the cluster as it was.
        { parent: this, dependsOn: parent && built[parent], deleteBeforeReplace: false },
      );
    }
    this.base = built.base;
    this.sparkMaster = built["spark-master"];
    this.sparkWorker = built["spark-worker"];
    this.jupyterlab = built.jupyterlab;
    this.registerOutputs({});
  }
}

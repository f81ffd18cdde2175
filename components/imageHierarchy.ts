import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ImageConfig, ImageSupply, PackageSources } from "../config/clusterConfig";
import { Engine } from "../engine/engine";
import { buildSecretsOf, writeBuildSecrets } from "../images/buildSecrets";
import { Composition, ImageName, imagesOf, planImages } from "../images/plan";
import { readDigests, referenceOnEngine } from "../images/published";
import { Dialect } from "./dialect";
import { SuppliedImage, Way } from "./suppliedImage";

export interface ImageHierarchyArgs extends Composition {
  readonly stack: string;
  readonly engine: Engine;
  readonly dialect: Dialect;
  readonly images: ImageConfig;
  readonly supply: ImageSupply;
  readonly packageSources: PackageSources;
}

/** base -> spark-base -> spark-master, spark-worker, jupyterlab, history-server, spark-connect; base -> catalog, gateway: each tagged with what it and its parents are made of. */
export class ImageHierarchy extends pulumi.ComponentResource {
  public readonly base: docker.RemoteImage;
  public readonly sparkMaster: docker.RemoteImage;
  public readonly sparkWorker: docker.RemoteImage;
  public readonly jupyterlab: docker.RemoteImage;
  public readonly historyServer: docker.RemoteImage;
  public readonly sparkConnect: docker.RemoteImage;
  /** Undefined where no catalog is shared. */
  public readonly catalog: docker.RemoteImage | undefined;
  /** Undefined on one engine. */
  public readonly gateway: docker.RemoteImage | undefined;

  constructor(name: string, args: ImageHierarchyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:images:ImageHierarchy", name, {}, opts);
    const { engine, supply } = args;
    const plan = planImages(args.images);
    const secrets = buildSecretsOf(args.stack);
    const pulls = supply.source === "pull";
    const digests = pulls ? readDigests() : {};
    if (!pulls && !pulumi.runtime.isDryRun()) {
      writeBuildSecrets(args.stack, args.packageSources);
    }
    const made = {} as Record<ImageName, docker.RemoteImage>; // full after the loop, which sees parents first
    for (const image of imagesOf(args)) {
      const { parent, context, buildArgs } = plan[image];
      const reference = referenceOnEngine(image, plan[image], supply, digests);
      // One after the other also when they are pulled: a registry that refuses the first says so once, not for each.
      const after = parent === undefined ? [] : [made[parent]];
      const byProvider = !pulls && args.dialect.apiTakesBuildSecrets;
      const way: Way = pulls
        ? { pull: { user: supply.user, password: supply.password } }
        : { build: { context, buildArgs, secrets } };
      const supplied = byProvider
        ? []
        : [new SuppliedImage(`${name}-${image}-supplied`, { engine, reference, way }, { parent: this, dependsOn: after })];
      made[image] = new docker.RemoteImage(
        `${name}-${image}`,
        {
          name: reference,
          keepLocally: true, // other stacks use it too; `make prune-images` takes away what nobody uses
          // BuildKit through the engine's own door: the newer way builds on this machine whatever docker:host says.
          build: byProvider ? { context, buildArgs, secrets, useLegacyBuilder: true } : undefined,
        },
        // The new one stands before the old one goes, so that a build or a pull that fails leaves the cluster as it was.
        { parent: this, dependsOn: [...after, ...supplied], deleteBeforeReplace: false },
      );
    }
    this.base = made.base;
    this.sparkMaster = made["spark-master"];
    this.sparkWorker = made["spark-worker"];
    this.jupyterlab = made.jupyterlab;
    this.historyServer = made["history-server"];
    this.sparkConnect = made["spark-connect"];
    this.catalog = args.sizes.catalog === "shared" ? made.catalog : undefined;
    this.gateway = args.swarm === undefined ? undefined : made.gateway;
    this.registerOutputs({});
  }
}

import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ImageConfig, ImageSupply, PackageSources } from "../config/clusterConfig";
import { Engine } from "../engine/engine";
import { buildSecretsOf, writeBuildSecrets } from "../images/buildSecrets";
import { imagesOf, planImages } from "../images/plan";
import { readDigests, referenceOnEngine } from "../images/published";
import { Composition } from "../roles/role";
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

/** The images of a cluster, each tagged with the hash of its folder, its build arguments and its parents. */
export class ImageHierarchy extends pulumi.ComponentResource {
  private readonly made: Readonly<Record<string, docker.RemoteImage>>;

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
    const made: Record<string, docker.RemoteImage> = {};
    this.made = made;
    for (const image of imagesOf(args)) {
      const { parent, context, buildArgs } = plan[image];
      const reference = referenceOnEngine(image, plan[image], supply, digests);
      // Pulls are sequential too, so a registry that rejects the login causes one error and not one for each image.
      const after = parent === undefined ? [] : [this.imageOf(parent)];
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
          keepLocally: true, // other stacks may use it; `make prune-images` removes unused images
          // BuildKit through the engine's API. The newer builder would build on this machine, whatever docker:host is.
          build: byProvider ? { context, buildArgs, secrets, useLegacyBuilder: true } : undefined,
        },
        // The new image is created before the old one is deleted, so a failed build or pull leaves the cluster unchanged.
        { parent: this, dependsOn: [...after, ...supplied], deleteBeforeReplace: false },
      );
    }
    this.registerOutputs({});
  }

  /** @throws an Error if this cluster has no image of that name. */
  imageOf(name: string): docker.RemoteImage {
    const image = this.made[name];
    if (image === undefined) {
      throw new Error(`This cluster has no image ${name}.`);
    }
    return image;
  }
}

import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { computed, Known } from "../config/known";
import { Outline } from "../config/outline";
import { buildSecretsOf, writeBuildSecrets } from "../images/buildSecrets";
import { imagesOf, parentOf, planImages, stageOfBase, stageTag } from "../images/plan";
import { readDigests, referenceOnEngine } from "../images/published";
import { detached } from "./detached";
import { Dialect } from "./dialect";
import { StageBuild } from "./stageBuild";
import { SuppliedImage, Way } from "./suppliedImage";

export interface ImageHierarchyArgs {
  readonly outline: Outline;
  readonly dialect: Dialect;
}

/** The images of a cluster, each tagged with the hash of its folder, its build arguments and its parents. */
export class ImageHierarchy extends pulumi.ComponentResource {
  private readonly made: Readonly<Record<string, docker.RemoteImage>>;

  constructor(name: string, { outline, dialect }: ImageHierarchyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:images:ImageHierarchy", name, {}, opts);
    const { stack, engine, config } = outline;
    const pulls = outline.imageSource === "pull";
    const secrets = buildSecretsOf(stack);
    const digests = pulls ? readDigests() : {};
    let removeSecrets = (): void => undefined;
    const planned = computed(config, ({ images, supply, packageSources }) => {
      if (!pulls && !pulumi.runtime.isDryRun()) {
        removeSecrets = writeBuildSecrets(stack, { packageSources, images });
      }
      return { plan: planImages(images), supply };
    });
    const made: Record<string, docker.RemoteImage> = {};
    this.made = made;
    for (const image of imagesOf(outline)) {
      const parent = parentOf(image);
      const reference = computed(planned, ({ plan, supply }) => referenceOnEngine(image, plan[image], supply, digests));
      const recipe = computed(planned, ({ plan }) => {
        const { context, buildArgs } = plan[image];
        return { context, buildArgs, secrets };
      });
      // Pulls are sequential too, so a registry that rejects the login causes one error and not one for each image.
      const after = parent === undefined ? [] : [this.imageOf(parent)];
      const parents = after.map(({ imageId }) => imageId);
      const byProvider = !pulls && dialect.apiTakesBuildSecrets;
      // The tag says what an image is made of. A build from the cache would take a second for all of them.
      const isThere = byProvider && typeof reference === "string" && outline.images?.has(reference) === true;
      const way: Known<Way> = pulls
        ? computed(planned, ({ supply: { user, password } }) => ({ pull: { user, password } }))
        : computed(recipe, (build) => ({ build }));
      const supplied = byProvider
        ? []
        : [
            new SuppliedImage(
              `${name}-${image}-supplied`,
              { engine, reference: detached(reference, parents), way },
              { parent: this },
            ).id,
          ];
      made[image] = new docker.RemoteImage(
        `${name}-${image}`,
        {
          name: detached(reference, supplied),
          keepLocally: true, // other stacks may use it; `make prune-images` removes unused images
          // BuildKit through the engine's API. The newer builder would build on this machine, whatever docker:host is.
          build: byProvider && !isThere ? computed(recipe, (build) => ({ ...build, useLegacyBuilder: true })) : undefined,
        },
        // The new image is created before the old one is deleted, so a failed build or pull leaves the cluster unchanged.
        {
          ...{ parent: this, dependsOn: after, deleteBeforeReplace: false },
          ignoreChanges: isThere ? ["build"] : [],
          customTimeouts: { create: "1h" }, // by default the provider ends a build after 20 minutes
        },
      );
      const stage = stageOfBase(image);
      if (stage !== undefined && !pulls) {
        const afterBase = detached(reference, [this.imageOf("base").imageId]);
        const content = computed(planned, ({ plan }) => stageTag(plan[image]));
        new StageBuild(`${name}-${image}-${stage}`, { engine, image: afterBase, stage, recipe, content }, { parent: this });
      }
    }
    void Promise.allSettled(this.all.map(({ id }) => pulumi.isSecret(id))).then(() => {
      removeSecrets();
    });
    this.registerOutputs({});
  }

  /** All images. */
  get all(): readonly docker.RemoteImage[] {
    return Object.values(this.made);
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

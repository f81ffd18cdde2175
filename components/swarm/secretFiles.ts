import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { configPath } from "../../engine/volumes";
import { labelsOf } from "../names";
import { revisionOf } from "../../engine/revision";
import { Files } from "../../roles/role";
import { imagesUser } from "../../roles/user";
import { FilesArgs, RoleFiles } from "../target";

/** Length of a secret's name before Pulumi's random suffix. Swarm allows 64 characters in all. */
const longest = 64 - "-0123456".length;

/** A resource's name of at most this length. A hash keeps shortened names apart. */
function shortened(name: string): string {
  return name.length <= longest ? name : `${revisionOf(name).slice(0, 8)}-${name.slice(9 - longest)}`;
}

/**
 * Files as secrets of a swarm, which nodes keep only in memory. A secret cannot be changed, so changed content is a new secret,
 * created before the services release the old one. Pulumi generates the names on the swarm, because a fixed name would still be in
 * use when a secret is replaced, or created again after the state has lost it.
 */
export class SecretFiles extends pulumi.ComponentResource implements RoleFiles {
  public readonly mounts = [];
  public readonly secrets: RoleFiles["secrets"];
  public readonly revision: pulumi.Output<string>;

  constructor(
    name: string,
    { owner, files }: Pick<FilesArgs, "owner"> & { readonly files: Files },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("spark-cluster:storage:SecretFiles", name, {}, opts);
    const made = Object.entries(files).map(([file, content]) => {
      const text = pulumi.secret(content);
      // The hash includes the stack and its home, because other stacks may have the same content.
      const revision = pulumi.unsecret(
        pulumi.all([text, owner.home]).apply(([text, home]) => revisionOf(JSON.stringify([owner.stack, home, text]))),
      );
      const secret = new docker.Secret(
        shortened(`${name}-${file}`),
        {
          data: text.apply((text) => Buffer.from(text).toString("base64")),
          labels: labelsOf(owner),
        },
        { parent: this, deleteBeforeReplace: false }, // services use the old secret until they have the new one
      );
      return { file, secret, revision };
    });
    this.secrets = made.map(({ file, secret }) => ({
      secretId: secret.id,
      secretName: secret.name,
      fileName: `${configPath}/${file}`,
      fileUid: String(imagesUser),
      fileGid: String(imagesUser),
      fileMode: 0o400,
    }));
    this.revision = pulumi.all(made.map(({ revision }) => revision)).apply((revisions) => revisionOf(revisions.join(" ")));
    this.registerOutputs({});
  }
}

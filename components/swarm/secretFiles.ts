import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { configPath } from "../../engine/volumes";
import { labelsOf } from "../names";
import { revisionOf } from "../../engine/revision";
import { Files } from "../../roles/role";
import { FilesArgs, RoleFiles } from "../target";

/** Length of a secret's name before its revision. Swarm allows 64 characters in all. */
const longestName = 64 - "-0123456789abcdef".length;

/**
 * Files as secrets of a swarm, which nodes keep only in memory. A secret cannot be changed, so changed content is a new secret,
 * created before the services release the old one.
 */
export class SecretFiles extends pulumi.ComponentResource implements RoleFiles {
  public readonly mounts = [];
  public readonly secrets: RoleFiles["secrets"];
  public readonly revision: pulumi.Output<string>;

  constructor(
    name: string,
    { owner, part, files }: Pick<FilesArgs, "owner" | "part"> & { readonly files: Files },
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
        `${name}-${file}`,
        {
          name: pulumi.interpolate`${`${part}-${file}`.slice(0, longestName)}-${revision}`,
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
      fileUid: "1000",
      fileGid: "1000",
      fileMode: 0o400,
    }));
    this.revision = pulumi.all(made.map(({ revision }) => revision)).apply((revisions) => revisionOf(revisions.join(" ")));
    this.registerOutputs({});
  }
}

import { ClusterConfig } from "../config/clusterConfig";
import { Files, Role } from "./role";

/** The id of spark, the images' user and group, who owns the files of roles and the images' folders. The group may write to these. */
export const imagesUser = 1000;

/** The home folder of this user in every container. */
export const homePath = "/home/spark";

/** The user of a role's containers and its additional groups; undefined for the images' user. */
export function userOf(
  { isOfImagesUser }: Role,
  { folders: { user } }: Pick<ClusterConfig, "folders">,
): { readonly user: string; readonly groups: string[] } | undefined {
  return user === undefined || isOfImagesUser === true
    ? undefined
    : { user: `${user.uid}:${user.gid}`, groups: [String(imagesUser)] };
}

/** Gives this user a name, without which Java's login fails. The images' libnss-extrausers reads the files. */
export function userFiles({ folders: { user } }: Pick<ClusterConfig, "folders">): Files {
  return user === undefined
    ? {}
    : { passwd: `spark:x:${user.uid}:${imagesUser}::${homePath}:/bin/bash\n`, group: `workspace:x:${user.gid}:\n` };
}

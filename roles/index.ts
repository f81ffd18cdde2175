import { ClusterConfig, Sizes } from "../config/clusterConfig";
import { schema } from "../config/schema";
import { catalog } from "./catalog";
import { connect } from "./connect";
import { gateway } from "./gateway";
import { historyServer } from "./historyServer";
import { jupyterlab } from "./jupyterlab";
import { master } from "./master";
import { metrics } from "./metrics";
import { RoleName } from "./names";
import { objectStore } from "./objectStore";
import { Composition, Page, Role } from "./role";
import { homePath, userOf } from "./user";
import { worker } from "./worker";

export const roles = {
  master,
  worker,
  jupyterlab,
  "history-server": historyServer,
  connect,
  metrics,
  catalog,
  "object-store": objectStore,
  gateway,
} satisfies { readonly [N in RoleName]: Role & { readonly name: N } };

/** All roles, in the order of their images. */
export const allRoles: readonly Role[] = Object.values(roles);

/** Whether a role is on. */
export function isOn(role: Role, composition: Composition): boolean {
  return role.isOn?.(composition) ?? true;
}

/** The roles that are on. */
export function rolesOf(composition: Composition): readonly Role[] {
  return allRoles.filter((role) => isOn(role, composition));
}

/** The CPU limit of a role's container. */
export function cpusOf({ cpus }: Role, sizes: Sizes): number {
  return typeof cpus === "number" ? cpus : sizes[cpus];
}

/** The environment of a role's containers. Java and Python read the time zone from TZ; the images' own is UTC. */
export function environmentOf(role: Role, config: ClusterConfig): Readonly<Record<string, string>> {
  return {
    ...(userOf(role, config) !== undefined && { HOME: homePath }), // Docker takes it from the image's list of users
    ...role.environment?.(config),
    ...(config.timeZone !== schema.timeZone.default && { TZ: config.timeZone }),
  };
}

/** The pages that a cluster publishes, in the order of the config key `ports`. */
export function pagesOf(composition: Composition): readonly Page[] {
  const pages = rolesOf(composition).flatMap(({ page }) => (page === undefined ? [] : [page]));
  const order = Object.keys(schema.ports.fields);
  return pages.sort((one, other) => order.indexOf(one.key) - order.indexOf(other.key));
}

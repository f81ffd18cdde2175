/** The roles of containers. Each has a file in this folder and an entry in `index.ts`. */
export const roleNames = [
  "master",
  "worker",
  "jupyterlab",
  "history-server",
  "connect",
  "metrics",
  "catalog",
  "object-store",
  "gateway",
] as const;

export type RoleName = (typeof roleNames)[number];

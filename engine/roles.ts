/** What a running container does for the cluster, and the command of its image that tells whether it is of use, not only running. */
export const healthchecks = {
  master: "master-state",
  worker: "worker-registered",
  jupyterlab: "jupyterlab-answers",
  "history-server": "history-server-lists",
  connect: "spark-connect-answers",
  catalog: "catalog-answers",
  gateway: "gateway-answers",
} as const;

export type Role = keyof typeof healthchecks;

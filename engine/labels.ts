/** The labels of a stack's resources on an engine, and of images. */
export const labels = {
  stack: "spark-cluster.stack",
  /** Distinguishes a stack from others of the same name. */
  home: "spark-cluster.home",
  role: "spark-cluster.role",
  /** The mapping of users in a container, if it is not the engine's own. */
  userns: "spark-cluster.userns",
  /** An image of this project, with its name. Dockerfiles set it. */
  image: "spark-cluster.image",
} as const;

/** An argument of the client's option --filter. */
export function labelled(label: keyof typeof labels, value: string): string {
  return `label=${labels[label]}=${value}`;
}

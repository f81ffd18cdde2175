/** The labels of what a stack has on an engine. */
export const labels = {
  stack: "spark-cluster.stack",
  /** Tells a stack from another of the same name. */
  home: "spark-cluster.home",
  role: "spark-cluster.role",
  /** Tells a volume that was made from another of its name. */
  mark: "spark-cluster.mark",
} as const;

/** An argument of the client's --filter. */
export function labelled(label: keyof typeof labels, value: string): string {
  return `label=${labels[label]}=${value}`;
}

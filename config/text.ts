/** A value in the form in which Pulumi gives it to the program. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

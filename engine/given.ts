/** The value of an environment variable; undefined if it is empty. */
export function given(variable: string, env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const value = env[variable];
  return value === "" ? undefined : value;
}

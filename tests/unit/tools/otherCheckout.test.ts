import type { ConfigMap, UpdateSummary } from "@pulumi/pulumi/automation";

import { checkConfiguration } from "../../../tools/stack/otherCheckout";

/** Checks a stack without a file, whose last update had some values where the defaults are others. */
function check(last: ConfigMap | undefined): Promise<void> {
  const info = () => Promise.resolve(last && ({ config: last } as unknown as UpdateSummary));
  return checkConfiguration("birds", "Pulumi.birds.yaml", { info }, { "spark-cluster:workers": { value: "2" } });
}

test("a stack that another checkout configured is refused without its file, with what would change and what to do", async () => {
  const last = { "spark-cluster:workers": { value: "3" }, "docker:host": { value: "ssh://server" } };
  await expect(check(last)).rejects.toThrow(
    /no Pulumi\.birds\.yaml, and would change docker:host, spark-cluster:workers\.[^]* env STACK=birds\)" && pulumi config refresh\n/,
  );
});

test("a stack that has the defaults, or had no update, needs no file", async () => {
  await expect(check({ "spark-cluster:workers": { value: "2" } })).resolves.toBeUndefined();
  await expect(check(undefined)).resolves.toBeUndefined();
});

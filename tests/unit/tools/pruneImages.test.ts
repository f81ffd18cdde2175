import { engines } from "../../../testbed/engines/socketsOfRoot";
import { pruneImages } from "../../../tools/commands/pruneImages";
import * as programs from "../../../tools/programs";
import * as opened from "../../../tools/stack/openStack";
import { fakeClient } from "../helpers/client";

/** What is run and what is printed if `docker system df` prints these sizes. */
async function pruned(kind: "docker" | "podman", sizes: string) {
  jest.replaceProperty(process, "env", { ...process.env, PULUMI_BACKEND_URL: "https://backend.example.com" });
  jest.spyOn(opened, "openStack").mockResolvedValue({ engine: engines[kind] } as opened.OpenStack);
  const become = jest.spyOn(programs, "becomeProgram").mockResolvedValue();
  const printed = jest.spyOn(console, "error").mockReturnValue();
  fakeClient(`case $command in "system df "*) ${sizes} ;; *) exit 9 ;; esac`);
  await pruneImages("dev");
  return { command: become.mock.calls[0]?.[0].join(" "), printed: printed.mock.calls.join("\n") };
}

test.each(["docker", "podman"] as const)(
  "images of the last hour stay on %s: another run may be about to use them",
  async (kind) => {
    const { command } = await pruned(kind, "exit 1");
    expect(command).toMatch(/ image prune --all --force --filter label=spark-cluster\.image --filter until=1h$/);
  },
);

test.each([
  ["docker", "printf 'Images: 13.05GB (97%%)\nBuild Cache: 5.788GB\n'", "5.788GB"],
  ["docker", "printf 'Images: 13.05GB (97%%)\nBuild Cache: 0B\n'", undefined],
  ["docker", "exit 1", undefined],
  ["podman", "echo 'Build Cache: 5.788GB'", undefined],
] as const)("on %s whose client does %j, the command for the build cache comes with its size: %s", async (kind, sizes, size) => {
  const { printed } = await pruned(kind, sizes);
  expect(/build cache has (\S+) [^]*\n {2}docker --host \S+ builder prune --force$/.exec(printed)?.[1]).toBe(size);
});

import { engines } from "../../../testbed/engines/socketsOfRoot";
import { pruneImages } from "../../../tools/commands/pruneImages";
import * as programs from "../../../tools/programs";
import * as opened from "../../../tools/stack/openStack";

test.each(["docker", "podman"] as const)(
  "images of the last hour stay on %s: another run may be about to use them",
  async (kind) => {
    jest.replaceProperty(process, "env", { ...process.env, PULUMI_BACKEND_URL: "https://backend.example.com" });
    jest.spyOn(opened, "openStack").mockResolvedValue({ engine: engines[kind] } as opened.OpenStack);
    const become = jest.spyOn(programs, "becomeProgram").mockResolvedValue();
    jest.spyOn(console, "error").mockReturnValue();
    await pruneImages("dev");
    const [[command] = []] = become.mock.calls;
    expect(command?.join(" ")).toMatch(/ image prune --all --force --filter label=spark-cluster\.image --filter until=1h$/);
  },
);

import * as pulumi from "@pulumi/pulumi";

import { earlierState } from "../../../components/earlierState";
import { idOf, keptHome, keptSecret } from "../../../components/kept";
import { EngineKind } from "../../../engine/engine";
import { elsewhere, placeOf } from "../../../engine/place";
import { resolved, run, RunOptions, unknown } from "../helpers/mocks";

const urn = (type: string, name: string) =>
  `urn:pulumi:unit::spark-cluster::spark:index:C$pulumi-nodejs:dynamic/spark-cluster:${type}::${name}`;

/** The state of a stack that the first version made. */
const firstVersion = (token: string) =>
  token.endsWith("readStackOutputs")
    ? { jupyterlab: "http://localhost:8888" }
    : {
        [urn("GeneratedSecret", "token")]: { outputs: { generation: "1", value: "of yesterday" } },
        [urn("StackHome", "home")]: { outputs: { host: "ssh://server", id: "abc", __provider: "code" } },
      };

class Component extends pulumi.ComponentResource {
  constructor() {
    super("spark:index:C", "c");
  }
}

const keeping = () => ({ parent: new Component(), earlier: earlierState() });
const secretIn = (generation: string, options: RunOptions = {}) =>
  run(() => keptSecret("token", { ...keeping(), generation, isFirst: generation === "1" }), options);
const homeIn = (options: RunOptions = {}) =>
  run(() => keptHome("home", { ...keeping(), place: "ssh://server", stack: "unit" }), options);

describe("a kept secret", () => {
  test("is 256 bits, another for each stack, a secret wherever it goes, and stays whatever a later program would generate", async () => {
    const runs = [await secretIn("1"), await secretIn("1")];
    const values = runs.map(({ get }) => get("token").inputs.input as string);
    expect(values.every((value) => /^[0-9a-f]{64}$/.test(value))).toBe(true);
    expect(new Set(values).size).toBe(2);
    expect(runs[0]?.get("token")).toMatchObject({ secrets: ["input"], options: { ignoreChanges: ["input"] } });
    expect(await resolved((await secretIn("1")).result)).toEqual({ value: "value of token", known: true, secret: true });
  });

  test("is not known to a preview that makes it, or a plan would hold the up to it", async () => {
    const { get, result } = await secretIn("1", { preview: true });
    expect(get("token").inputs).toEqual({ input: unknown });
    expect(await resolved(result)).toMatchObject({ known: false });
  });

  test.each([true, false])("that the first version generated is taken over (preview: %s)", async (preview) => {
    const { get } = await secretIn("1", { earlier: firstVersion, preview });
    expect(get("token")).toMatchObject({ inputs: { input: "of yesterday" }, secrets: ["input"] });
  });

  test("is taken over although Pulumi writes the state while it is read", async () => {
    let failures = 0;
    const earlier = (token: string) => {
      if (++failures % 3 !== 0) {
        throw new Error("failed to load checkpoint: EOF");
      }
      return firstVersion(token);
    };
    const { get } = await secretIn("1", { earlier });
    expect(get("token").inputs.input).toBe("of yesterday");
  });

  test("that the first version generated is not taken over for another generation", async () => {
    const { get } = await secretIn("2", { earlier: firstVersion });
    expect(get("token-2").inputs.input).toMatch(/^[0-9a-f]{64}$/);
  });
});

/** Where a configuration puts its stack. */
interface Placed {
  readonly engine: EngineKind;
  readonly "docker:host": string;
  readonly target: "engine" | "swarm";
  readonly networkEncryption: "true" | "false";
}
const placeNamedBy = ({ engine: kind, target, ...keys }: Placed) =>
  placeOf(
    { kind, host: keys["docker:host"] },
    target === "swarm" ? { encryptedNetwork: keys.networkEncryption === "true" } : undefined,
  );
const placed = ["unix:///var/run/docker.sock", "unix:///run/podman/podman.sock", "ssh://server"].flatMap((host) =>
  (["engine", "swarm"] as const).flatMap((target) =>
    (["true", "false"] as const).map((networkEncryption): Placed => {
      const engine = host.includes("podman") ? "podman" : "docker";
      return { engine, "docker:host": host, target, networkEncryption };
    }),
  ),
);

describe("a stack's home", () => {
  const kept = { host: "ssh://server", id: "abc", stack: "unit" };

  test("is the engine, the name, and an id that tells the stack from others of its name", async () => {
    const { get, result } = await homeIn();
    expect(get("home").inputs.input).toEqual({ ...kept, id: expect.stringMatching(/^[0-9a-f]{16}$/) as string });
    expect(get("home").options.ignoreChanges).toEqual(["input"]);
    expect(await resolved(result)).toEqual({ value: "home-id", known: true, secret: false });
  });

  test("of the first version is taken over", async () => {
    const { get } = await homeIn({ earlier: firstVersion });
    expect(get("home").inputs).toEqual({ input: kept });
  });

  test("is on no other engine, and has no other name: that is refused with both and what to do", () => {
    expect(idOf(kept, kept)).toBe("abc");
    expect(() => idOf(kept, { ...kept, host: "ssh://new" })).toThrow(
      /lives on the engine ssh:\/\/server, .* now names ssh:\/\/new\..*make down first/,
    );
    const podman = { ...kept, host: "unix:///run/podman/podman.sock" };
    expect(() => idOf(podman, { ...podman, host: "unix:///var/run/docker.sock" })).toThrow(
      "To stay there: pulumi config set engine podman && pulumi config set docker:host unix:///run/podman/podman.sock.",
    );
    expect(() => idOf(kept, { ...kept, stack: "other" })).toThrow(/is named unit on its engine, .*: pulumi stack rename unit/);
  });

  test.each(placed)("is found again by the commands of the error, which change nothing else: %j", (old) => {
    for (const now of placed.filter((each) => placeNamedBy(each) !== placeNamedBy(old))) {
      const message = elsewhere(placeNamedBy(old), placeNamedBy(now));
      const commands = /To stay there: (pulumi .+?)\. To move/.exec(message)?.[1]?.split(" && ") ?? [];
      const set = commands.map((command) => command.split(" ").slice(3)) as [keyof Placed, string][];
      const after = { ...now, ...(Object.fromEntries(set) as Partial<Placed>) };
      expect(placeNamedBy(after)).toBe(placeNamedBy(old));
      expect(after.engine === old.engine || old["docker:host"] === "ssh://server").toBe(true);
      // The kind of an engine behind ssh is unknown, and so is the network of an engine that is no swarm.
      const changed = Object.keys(old).filter((key) => old[key as keyof Placed] !== now[key as keyof Placed]);
      expect(["engine", "networkEncryption", ...changed]).toEqual(expect.arrayContaining(set.map(([key]) => key)));
      expect(message.includes("docker-or-podman.md")).toBe(old["docker:host"] !== now["docker:host"]);
    }
  });
});

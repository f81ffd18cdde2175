import { elsewhere, placeOf } from "../../../engine/place";

test("a stack lives on an engine, or on a swarm whose network is encrypted or not", () => {
  const engine = { kind: "docker", host: "ssh://server" } as const;
  expect(placeOf(engine)).toBe("ssh://server");
  expect(placeOf(engine, { encryptedNetwork: true })).toBe("ssh://server (a swarm with an encrypted network)");
  expect(placeOf(engine, { encryptedNetwork: false })).toBe("ssh://server (a swarm with a plain network)");
});

test("a stack that is told to live elsewhere is told where it lives, and what to do", () => {
  expect(elsewhere("ssh://old", "ssh://new")).toMatch(/on the engine ssh:\/\/old, .* now names ssh:\/\/new\..*make down first/);
});

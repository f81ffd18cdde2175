import { Engine } from "../engine/engine";
import { Key, Values } from "./schema";
import { notSecret, Problem, remove, set, shown } from "./problem";

/** The keys for image sources and registries. */
export const supplyKeys = ["imageSource", "imageRegistry", "registryUser", "registryPassword"] as const;
type Supply = Pick<Values, (typeof supplyKeys)[number]>;

/** The contradictions between these keys. */
export function supplyProblems(supply: Supply, isSecret: (key: Key) => boolean): Problem[] {
  const problems: Problem[] = [];
  if (supply.imageSource === "pull" && supply.imageRegistry === "") {
    problems.push({
      key: "imageRegistry",
      value: "nothing",
      allowed: "the registry to pull from, as imageSource is pull",
      fix: [set("imageSource", "build")],
    });
  }
  if (supply.registryPassword !== "" && !isSecret("registryPassword")) {
    problems.push(notSecret("registryPassword", "plain text"));
  }
  if (supply.registryUser.includes(":")) {
    const [name = ""] = supply.registryUser.split(":");
    problems.push({
      key: "registryUser",
      value: "a text with a colon", // not shown: the text after the colon may be a password
      allowed: "a name without one, and the password in registryPassword",
      fix: [set("registryUser", /^[ -~]{1,60}$/.test(name) && !isSecret("registryUser") ? name : "NAME")],
    });
  }
  if ((supply.registryUser === "") !== (supply.registryPassword === "")) {
    const missing = supply.registryUser === "" ? "registryUser" : "registryPassword";
    const given = supply.registryUser === "" ? "registryPassword" : "registryUser";
    problems.push({ key: missing, value: "nothing", allowed: `a value beside ${given}`, fix: [remove(given)] });
  }
  return problems;
}

/** Rejects ssh with Podman: its client and the provider accept no common form of ssh address. */
export function engineProblems(engine: Engine): Problem[] {
  if (engine.kind !== "podman" || !engine.host.startsWith("ssh://")) {
    return [];
  }
  return [
    {
      key: "docker:host",
      value: shown(engine.host),
      allowed:
        "for Podman, a socket of this machine: ssh -N -L $HOME/podman.sock:/run/podman/podman.sock USER@SERVER brings one here",
      fix: [{ command: 'pulumi config set docker:host "unix://$HOME/podman.sock"' }],
    },
  ];
}

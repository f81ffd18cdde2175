import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { EngineKind } from "../../engine/engine";
import { imageNames } from "../../images/plan";
import { RoleName } from "../../roles/names";
import { Inspected } from "../../testbed/inspected";

/** A cluster as the rules look at it. */
export interface Examined {
  readonly engine: EngineKind;
  readonly containers: readonly Inspected[];
  /** /proc/1/status of each container, field by field: what the kernel holds it to, however its engine writes that down. */
  readonly kernel: ReadonlyMap<Inspected, Readonly<Record<string, string>>>;
  /** Programs of this list that are in an image, each with its container: see {@link needless}. */
  readonly programs: readonly string[];
}

/** What breaks a rule: empty where it is kept. */
type Check = (cluster: Examined) => readonly string[];

/** A rule of the CIS Docker Benchmark 1.6, sections 4 (images) and 5 (containers), in words of our own. */
type Rule = readonly [number: string, title: string, check: Check] | readonly [number: string, title: string, reason: string];

/** What nobody needs who runs Spark, and somebody who broke in would like to find. */
export const needless = ["cc", "gcc", "git", "make", "nc", "ssh", "sshd", "sudo", "telnet"];

/** The port that a role publishes; the others publish none. */
const published: Partial<Record<RoleName, string>> = {
  master: "8080/tcp",
  jupyterlab: "8888/tcp",
  "history-server": "18080/tcp",
  connect: "15002/tcp",
  metrics: "9095/tcp",
  "object-store": "7070/tcp",
};

/** Every container has one of the allowed values. */
function every(value: (container: Inspected) => unknown, ...allowed: unknown[]): Check {
  return everyIs(value, (each) => allowed.includes(each));
}

function everyIs<T>(value: (container: Inspected) => T, good: (value: T) => boolean): Check {
  return ({ containers }) =>
    containers
      .map((container) => ({ name: container.Name, value: value(container) }))
      .filter((each) => !good(each.value))
      .map((each) => `${each.name}: ${JSON.stringify(each.value)}`);
}

/** No value of a container is of this kind. */
function no(values: (container: Inspected) => readonly string[], bad: RegExp): Check {
  return everyIs(values, (each) => !each.some((value) => bad.test(value)));
}

/** The kernel has one of the allowed values for the first process of every container. */
function kernel(field: string, allowed: RegExp): Check {
  return (cluster) =>
    everyIs(
      (container) => cluster.kernel.get(container)?.[field] ?? "",
      (value) => allowed.test(value),
    )(cluster);
}

function all(...checks: Check[]): Check {
  return (cluster) => checks.flatMap((check) => check(cluster));
}

const bindings = (container: Inspected) => Object.values(container.HostConfig.PortBindings ?? {}).flatMap((each) => each ?? []);
const options = (container: Inspected) => (container.HostConfig.SecurityOpt ?? []).join(" ");
const isPositive = (value: number | null) => value !== null && value > 0;

/** No instruction of a Dockerfile is of this kind. */
function noInstruction(bad: RegExp): Check {
  return () => imageNames.flatMap((image) => instructions(image).filter((instruction) => bad.test(instruction)));
}

/** The instructions of an image's Dockerfile, each on one line. */
function instructions(image: string): string[] {
  const text = readFileSync(join(__dirname, "../../images", image, "Dockerfile"), "utf8");
  return text
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** No command that the project gives to an engine holds this. */
function noCommand(bad: RegExp): Check {
  const folders = ["components", "engine", "tools"].map((folder) => join(__dirname, "../..", folder));
  return () =>
    folders
      .flatMap((folder) =>
        readdirSync(folder, { withFileTypes: true })
          .filter((each) => each.isFile())
          .map(({ name }) => join(folder, name)),
      )
      .filter((file) => bad.test(readFileSync(file, "utf8")));
}

/** Where the machine has AppArmor, a container without a profile of it breaks the rule. */
const appArmor = "/sys/module/apparmor/parameters/enabled";
const hasAppArmor = existsSync(appArmor) && readFileSync(appArmor, "utf8").startsWith("Y");

export const rules: readonly Rule[] = [
  [
    "4.1",
    "no image runs as root",
    all(
      every(({ Config }) => Config.User, "1000"),
      kernel("Uid", /^1000 1000 1000 1000$/),
    ),
  ],
  ["4.2", "base images are trusted", "who to trust is the person's to say, by baseImage; by itself it is Debian's own image"],
  ["4.3", "no needless packages", ({ programs }) => programs.filter((each) => !each.endsWith("-jupyterlab: /usr/bin/git"))],
  ["4.4", "images are scanned, and made anew for security updates", "not seen from outside: a new value of rebuild makes them"],
  ["4.5", "content trust is on", "a setting of a person's Docker client; what is pulled is held to images.lock.json's digests"],
  ["4.6", "health is checked", every(({ Config }) => Config.Healthcheck !== undefined, true)],
  ["4.7", "package lists are not updated in a step of their own", noInstruction(/apt-get/)],
  ["4.8", "programs that raise rights do not", all(kernel("NoNewPrivs", /^1$/), kernel("CapBnd", /^0+$/))],
  ["4.9", "nothing is fetched or unpacked by ADD", noInstruction(/^ADD\b/)],
  ["4.10", "no secrets in Dockerfiles", noInstruction(/^(ARG|ENV)\b.*(SECRET|TOKEN|PASSWORD|INDEX_URL|PROXY)/i)],
  [
    "4.11",
    "packages are verified",
    // Debian's are signed. Those of extraPythonPackages are a person's, with the version that they name.
    noInstruction(/pip install(?!.*--require-hashes)/),
  ],
  ["4.12", "signatures of artefacts are checked", "there is no artefact but packages: 4.11"],

  ["5.1", "no swarm where none is needed", "a setting of the engine; the cluster uses none"],
  [
    "5.2",
    "AppArmor is not switched off",
    all(
      everyIs(options, (value) => !value.includes("apparmor")),
      everyIs(
        ({ AppArmorProfile }) => AppArmorProfile,
        (profile) => !hasAppArmor || /[^ ]/.test(profile.replace("unconfined", "")),
      ),
    ),
  ],
  ["5.3", "SELinux is not switched off", everyIs(options, (value) => !/label.disable/.test(value))],
  ["5.4", "no capability", all(...["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"].map((field) => kernel(field, /^0+$/)))],
  ["5.5", "no privileged container", every(({ HostConfig }) => HostConfig.Privileged, false)],
  ["5.6", "no folder of the host", no(({ Mounts }) => Mounts.map(({ Type }) => Type), /^(?!(volume|tmpfs)$)/)],
  ["5.7", "no sshd", "as 4.3"],
  ["5.8", "no port below 1024", everyIs(bindings, (each) => each.every(({ HostPort }) => Number(HostPort) >= 1024))],
  [
    "5.9",
    "no port that is not needed",
    everyIs(
      (container) => ({ role: container.Config.Labels["spark-cluster.role"], ports: publishedPorts(container) }),
      ({ role, ports }) => ports.join() === (published[role as RoleName] ?? ""),
    ),
  ],
  ["5.10", "not the host's network", no(({ HostConfig }) => [HostConfig.NetworkMode], /^host$/)],
  [
    "5.11",
    "memory is limited, and swap does not add to it",
    everyIs(
      ({ HostConfig }) => [HostConfig.Memory, HostConfig.MemorySwap],
      ([memory, swap]) => isPositive(memory!) && memory === swap,
    ),
  ],
  ["5.12", "processors are limited", everyIs(({ HostConfig }) => HostConfig.NanoCpus, isPositive)],
  ["5.13", "the root filesystem is read-only", every(({ HostConfig }) => HostConfig.ReadonlyRootfs, true)],
  ["5.14", "ports are open on one address", everyIs(bindings, (each) => each.every(({ HostIp }) => HostIp === "127.0.0.1"))],
  ["5.15", "at most five restarts after failures", "engines start no such container after a reboot; make up ends at a failure"],
  ["5.16", "not the host's processes", every(({ HostConfig }) => HostConfig.PidMode, "", "private")],
  ["5.17", "not the host's shared memory", every(({ HostConfig }) => HostConfig.IpcMode, "private", "shareable")],
  ["5.18", "no device of the host", every(({ HostConfig }) => (HostConfig.Devices ?? []).length, 0)],
  [
    "5.19",
    "limits of the engine's own are kept, but for core dumps",
    // Podman tells those of its containers.conf as the container's.
    ({ engine, containers }) =>
      engine === "podman"
        ? []
        : containers
            .filter(({ HostConfig }) => JSON.stringify(HostConfig.Ulimits) !== '[{"Name":"core","Hard":0,"Soft":0}]')
            .map(({ Name }) => Name),
  ],
  ["5.20", "mounts do not reach the host's own", no(({ Mounts }) => Mounts.map(({ Propagation }) => Propagation), /^r?shared$/)],
  ["5.21", "not the host's name", every(({ HostConfig }) => HostConfig.UTSMode, "", "private")],
  [
    "5.22",
    "system calls are filtered",
    all(
      everyIs(options, (value) => !value.includes("seccomp")),
      kernel("Seccomp", /^2$/),
    ),
  ],
  ["5.23", "nobody enters with more rights", noCommand(/--privileged/)],
  ["5.24", "nobody enters as root", noCommand(/\bexec\b.*--user[= ]"?(root|0)\b/)],
  ["5.25", "the engine's own control group", every(({ HostConfig }) => HostConfig.CgroupParent, "")],
  ["5.26", "no process gets more rights than its parent", "as 4.8"],
  ["5.27", "health is checked while it runs", "as 4.6"],
  ["5.28", "the latest image", "an image is named by its content, and never another by the same name"],
  ["5.29", "processes are limited", everyIs(({ HostConfig }) => HostConfig.PidsLimit, isPositive)],
  [
    "5.30",
    "a network of its own",
    everyIs(
      ({ Config, NetworkSettings }) => ({
        stack: Config.Labels["spark-cluster.stack"],
        on: Object.keys(NetworkSettings.Networks),
      }),
      ({ stack, on }) => on.join() === `spark-cluster-${stack!}-network`,
    ),
  ],
  ["5.31", "not the host's users, where the engine has others", no(({ HostConfig }) => [HostConfig.UsernsMode], /^host$/)],
  ["5.32", "no socket of the engine", no(({ Mounts }) => Mounts.map(({ Source }) => Source), /\.sock$/)],
];

/** Podman names those too that an image exposes and nobody publishes. */
function publishedPorts({ HostConfig }: Inspected): string[] {
  return Object.entries(HostConfig.PortBindings ?? {})
    .filter(([, bindings]) => bindings !== null)
    .map(([port]) => port);
}

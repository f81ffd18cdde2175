import fs from "node:fs";
import { homedir } from "node:os";
import { join, relative } from "node:path";

import { ClusterConfig } from "../../../config/clusterConfig";
import { ConfigSource, readConfig } from "../../../config/reader";
import { engines } from "../../../testbed/engines/socketsOfRoot";
import { source, Written } from "../../../testbed/stackConfig";
import { ownFiles, temporaryFolder } from "../helpers/folders";
import { problemsOf } from "../helpers/problems";

const folder = temporaryFolder();
["birds/data", "data", "of root", "private", "a:b"].forEach((name) => fs.mkdirSync(join(folder, name), { recursive: true }));
const birds = join(folder, "birds");
const data = join(folder, "data");

const podman = { engine: engines.podman };
const rootless = { ...podman, users: "rootless" } as const;

beforeEach(() => {
  ownFiles((path) => (path.endsWith("of root") ? 0 : path.endsWith(".sock") || path.startsWith(birds) ? 1234 : 1000));
});

function folders(written: Readonly<Record<string, Written>>, rest: Partial<ConfigSource> = {}): ClusterConfig["folders"] {
  return readConfig(source(written, rest)).folders;
}

test("containers write as the owner of the workspace, which a path from here or from the home folder names too", () => {
  const own = { workspace: birds, others: [], user: "1234:1235", userns: undefined };
  expect(folders({ workspaceFolder: birds })).toEqual(own);
  expect(folders({ workspaceFolder: relative(process.cwd(), birds) })).toEqual(own);
  expect(folders({ workspaceFolder: `~/${relative(homedir(), birds)}` })).toEqual(own);
  expect(folders({ workspaceFolder: data })).toMatchObject({ workspace: data, user: undefined, userns: undefined });
  expect(folders({ workspaceFolder: birds }, rootless)).toEqual({ ...own, user: undefined, userns: "keep-id:uid=1000,gid=1000" });
  expect(folders({ workspaceFolder: birds }, podman)).toEqual(own);
});

test("more folders are read-only with :ro", () => {
  const others = [
    { name: "data", path: data, readOnly: true },
    { name: "mine", path: data, readOnly: false },
  ];
  expect(folders({ folders: { data: `${data}:ro`, mine: data } })).toMatchObject({
    workspace: undefined,
    others,
    user: undefined,
  });
  expect(folders({ workspaceFolder: birds, folders: { data: `${birds}:rw` } })).toMatchObject({ others: [{ readOnly: false }] });
});

const workspace = (workspaceFolder: string) => ({ workspaceFolder });
const named = (text: string, name = "data") => ({ folders: { [name]: text } });

test.each<[string, Readonly<Record<string, Written>>, RegExp, string, Partial<ConfigSource>?]>([
  ["a missing one", workspace(`${birds}/2`), /mkdir -p/, "pulumi config rm workspaceFolder"],
  ["a file", workspace("/etc/passwd"), /mkdir -p/, "pulumi config rm workspaceFolder"],
  ...[homedir(), "/", join(homedir(), ".."), "/usr/share", join(folder, "a:b")].map(
    (path): [string, Record<string, string>, RegExp, string] => [
      path,
      workspace(path),
      /not the home folder/,
      "pulumi config rm workspaceFolder",
    ],
  ),
  ["one of root", workspace(`${folder}/of root`), /of a person.*chown -R \d+: FOLDER/, "pulumi config rm workspaceFolder"],
  [
    "one of another user than rootless Podman's",
    workspace(data),
    /whose engine.*chown -R 1234:/,
    "pulumi config rm workspaceFolder",
    rootless,
  ],
  [
    "one beside a remote engine",
    workspace(birds),
    /on this machine/,
    "pulumi config rm workspaceFolder",
    { engine: { kind: "docker", host: "ssh://me@host" } },
  ],
  [
    "one for users of rootless Docker",
    workspace(birds),
    /without rootless Docker/,
    "pulumi config rm workspaceFolder",
    { users: "rootless" },
  ],
  ["one for userns-remap", workspace(birds), /without userns-remap/, "pulumi config rm workspaceFolder", { users: "remapped" }],
  [
    "more on a remote engine",
    named(data),
    /on this machine/,
    "pulumi config rm folders",
    { engine: { kind: "docker", host: "tcp://host:2375" } },
  ],
  ["a name that is a path", named(data, "a/b"), /letters, digits/, "pulumi config rm folders"],
  [
    "more that nobody may read",
    named(`${folder}/private:ro`),
    /every user.*chmod/,
    "pulumi config rm --path folders.data",
    rootless,
  ],
  ["more to write to, of another user", named(birds), /read-only/, `pulumi config set --path folders.data ${birds}:ro`],
  [
    "more without a place",
    { ...workspace(birds), ...named(`${data}:ro`, "old") },
    /in whose place.*mkdir/,
    "pulumi config rm --path folders.old",
  ],
])("%s is refused", (_, written, allowed, fix, rest = {}) => {
  expect(problemsOf(source(written, rest))).toEqual([
    expect.objectContaining({ allowed: expect.stringMatching(allowed) as string, fix }),
  ]);
});

test("on a swarm both are refused", () => {
  const problems = problemsOf(source({ target: "swarm", imageSource: "pull", ...workspace(birds), ...named(data) }));
  expect(problems.filter(({ key }) => key.includes("older")).map(({ fix }) => fix)).toEqual([
    "pulumi config rm workspaceFolder",
    "pulumi config rm folders",
  ]);
});

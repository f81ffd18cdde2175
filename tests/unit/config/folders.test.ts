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
["birds/data", "data", "of root", "private", "a:b", "birds/full/x"].forEach((name) => {
  fs.mkdirSync(join(folder, name), { recursive: true });
});
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
  const own = { workspace: birds, others: [], user: { uid: 1234, gid: 1235 }, userns: undefined };
  expect(folders({ workspaceFolder: birds })).toEqual(own);
  expect(folders({ workspaceFolder: relative(process.cwd(), birds) })).toEqual(own);
  expect(folders({ workspaceFolder: `~/${relative(homedir(), birds)}` })).toEqual(own);
  expect(folders({ workspaceFolder: data })).toMatchObject({ workspace: data, user: { uid: 1000, gid: 1001 } });
  expect(folders({ workspaceFolder: birds }, rootless)).toEqual({ ...own, user: undefined, userns: "keep-id:uid=1000,gid=1000" });
  expect(folders({ workspaceFolder: birds }, podman)).toEqual(own);
});

test("more folders are read-only with :ro", () => {
  const others = [
    { name: "raw", path: data, readOnly: true },
    { name: "mine", path: data, readOnly: false },
  ];
  expect(folders({ folders: { raw: `${data}:ro`, mine: data } })).toMatchObject({
    workspace: undefined,
    others,
    user: undefined,
  });
  expect(folders({ workspaceFolder: birds, folders: { data: `${birds}:rw` } })).toMatchObject({ others: [{ readOnly: false }] });
});

test.each([
  [1000, 100, undefined],
  [1000, 2000, { uid: 1000, gid: 2000 }],
  [1234, 0, { uid: 1234, gid: 1000 }],
])("the owner %i:%i is %j in the containers", (uid, gid, user) => {
  ownFiles(() => uid, gid);
  expect(folders({ workspaceFolder: data })).toMatchObject({ user });
});

test("Docker Desktop shows each file as the containers' own", () => {
  expect(folders({ workspaceFolder: birds, folders: { data } }, { users: "virtual" })).toMatchObject({ user: undefined });
});

const workspace = (workspaceFolder: string) => ({ workspaceFolder });
const named = (text: string, name = "raw") => ({ folders: { [name]: text } });

const gone = "pulumi config rm workspaceFolder";

test.each<[string, Readonly<Record<string, Written>>, RegExp, string, Partial<ConfigSource>?]>([
  ["a missing folder", workspace(`${birds}/2`), /that exists/, `mkdir -p ${birds}/2`],
  ["a file", workspace("/etc/passwd"), /that exists/, gone],
  ["a folder below a file", workspace("/etc/passwd/birds"), /that exists/, gone],
  ["a name that no disk takes", workspace(`/srv/${"é".repeat(128)}`), /that exists/, gone],
  ...[homedir(), "/", ".", "/usr/share", "/tmp", "/run/user", join(folder, "a:b")].map(
    (path): [string, Record<string, string>, RegExp, string] => [path, workspace(path), /not the home folder/, gone],
  ),
  ["a folder of root", workspace(`${folder}/of root`), /of a person.*install -d/, gone],
  ["a folder of another user than rootless Podman's", workspace(data), /whose engine/, gone, rootless],
  ["an engine with an address", workspace(birds), /on this machine/, gone, { engine: { kind: "docker", host: "ssh://me@host" } }],
  ["a forwarded socket", workspace(birds), /on this machine/, gone, { users: "elsewhere" }],
  ["rootless Docker", workspace(birds), /without rootless Docker/, gone, { users: "rootless" }],
  ["userns-remap", workspace(birds), /without userns-remap/, gone, { users: "remapped" }],
  ["more on another machine", named(data), /on this machine/, "pulumi config rm folders", { users: "elsewhere" }],
  ["a name that is a path", named(data, "a/b"), /letters, digits/, `pulumi config rm --path 'folders["a/b"]'`],
  [
    "the name of the tables",
    named(data, "spark-warehouse"),
    /and not spark-warehouse/,
    "pulumi config rm --path folders.spark-warehouse",
  ],
  ["the name of the samples", named(data, "data"), /submitted, data/, "pulumi config rm --path folders.data"],
  ["more without a path", named(":ro"), /that exists/, "pulumi config rm --path folders.raw"],
  [
    "more that nobody may read",
    named(`${folder}/private:ro`),
    /every user.*chmod/,
    "pulumi config rm --path folders.raw",
    rootless,
  ],
  ["more to write to, of another user", named(birds), /or one of user 1000/, `pulumi config set --path folders.raw ${birds}:ro`],
  ["more without a place", { ...workspace(birds), ...named(`${data}:ro`, "old") }, /empty folder/, `mkdir ${birds}/old`],
  ["more over files", { ...workspace(birds), ...named(`${data}:ro`, "full") }, /empty folder/, `mkdir ${birds}/full`],
])("%s is refused", (_, written, allowed, fix, rest = {}) => {
  expect(problemsOf(source(written, rest))).toEqual([
    expect.objectContaining({ allowed: expect.stringMatching(allowed) as string, fix }),
  ]);
});

test("a mapping of users is not changed while the cluster is up", () => {
  const problem = expect.objectContaining({ key: "workspaceFolder", fix: "# make down, then make up" }) as object;
  expect(problemsOf(source(workspace(birds), { ...rootless, isMapped: false }))).toEqual([problem]);
  expect(problemsOf(source({}, { ...rootless, isMapped: true }))).toEqual([problem]);
  expect(problemsOf(source(workspace(birds), { ...rootless, isMapped: true }))).toEqual([]);
});

test("on a swarm both are refused", () => {
  const problems = problemsOf(source({ target: "swarm", imageSource: "pull", ...workspace(birds), ...named(data) }));
  expect(problems.filter(({ key }) => key.includes("older")).map(({ fix }) => fix)).toEqual([gone, "pulumi config rm folders"]);
});

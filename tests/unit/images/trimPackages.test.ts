import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder, write } from "../helpers/folders";

const script = join(__dirname, "../../../images/spark-base/trim-packages");
const rocksdb = ["linux32", "linux64", "linux64-musl", "linux-aarch64", "linux-aarch64-musl"];

/** Name of a jar -> the names of its entries. */
const jars: Readonly<Record<string, readonly string[]>> = {
  "rocksdbjni-9.jar": [
    ...["org/rocksdb/DB.class", ...rocksdb.map((kind) => `librocksdbjni-${kind}.so`)],
    ...["librocksdbjni-osx-arm64.jnilib", "librocksdbjni-win64.dll"],
  ],
  "zstd-jni-1.jar": ["Zstd.class", "linux/amd64/libzstd.so", "linux/aarch64/libzstd.so", "freebsd/amd64/libzstd.so"],
  "netty-quic-4-linux-x86_64.jar": ["META-INF/native/libquic_linux_x86_64.so"],
  "netty-quic-4-linux-aarch_64.jar": ["META-INF/native/libquic_linux_aarch_64.so"],
  "netty-quic-4-osx-x86_64.jar": ["META-INF/native/libquic_osx_x86_64.jnilib"],
  "unknown-1.jar": ["A.class", "native/one.so", "native/two.so"],
  "signed-1.jar": ["META-INF/KEY.SF", "linux/amd64/library.so", "win/library.dll"],
  "plain-1.jar": ["A.class"],
  "kubernetes-client-7.jar": ["A.class"],
};

/** Makes the jars, whose entries hold their own names; trims as on a machine; tells of each jar that is there what its entries hold. */
const program = `
import glob, json, os, platform, runpy, sys, zipfile
machine, script, jars = sys.argv.pop(), sys.argv.pop(), json.loads(sys.argv.pop())
os.chdir(sys.argv[1])
for name, entries in jars.items():
    with zipfile.ZipFile("pyspark/jars/" + name, "w") as jar:
        [jar.writestr(each, each) for each in entries]
platform.machine = lambda: machine
runpy.run_path(script)
left = {}
for name in os.listdir("pyspark/jars"):
    with zipfile.ZipFile("pyspark/jars/" + name) as jar:
        left[name] = [jar.read(each).decode() for each in jar.namelist()]
print(json.dumps({"jars": left, "files": glob.glob("**", recursive=True)}))`;

/** What is left on a machine of the jars and of some other files. */
function trimmed(machine: string, others: readonly string[] = []) {
  const packages = temporaryFolder();
  mkdirSync(join(packages, "pyspark/jars"), { recursive: true });
  mkdirSync(join(packages, "pyarrow/include"), { recursive: true });
  others.forEach((file) => {
    write(join(packages, file), "");
  });
  const args = ["-c", program, packages, JSON.stringify(jars), script, machine];
  return JSON.parse(execFileSync("python3", args, { encoding: "utf8" })) as {
    readonly jars: Readonly<Record<string, readonly string[]>>;
    readonly files: readonly string[];
  };
}

test.each([
  ["x86_64", "librocksdbjni-linux64.so", "linux/amd64/libzstd.so", "linux-x86_64"],
  ["aarch64", "librocksdbjni-linux-aarch64.so", "linux/aarch64/libzstd.so", "linux-aarch_64"],
])("on %s its own libraries are left, and jars that are signed, have none, or none that is known to be for it", (...args) => {
  const [machine, ofRocksdb, ofZstd, own] = args;
  expect(trimmed(machine).jars).toEqual({
    "rocksdbjni-9.jar": ["org/rocksdb/DB.class", ofRocksdb],
    "zstd-jni-1.jar": ["Zstd.class", ofZstd],
    [`netty-quic-4-${own}.jar`]: jars[`netty-quic-4-${own}.jar`],
    "signed-1.jar": jars["signed-1.jar"],
    "plain-1.jar": ["A.class"],
    "unknown-1.jar": ["A.class", "native/one.so", "native/two.so"],
  });
});

test("on a processor that it does not know, every library stays that Linux might load", () => {
  const left = trimmed("riscv64").jars;
  expect(left["zstd-jni-1.jar"]).toEqual(["Zstd.class", "linux/amd64/libzstd.so", "linux/aarch64/libzstd.so"]);
  expect(left["netty-quic-4-linux-aarch_64.jar"]).toHaveLength(1);
});

test("tests and headers go, and nothing else of a package", () => {
  const kept = ["pandas/core/frame.py", "py4j/tests/used.py"];
  const { files } = trimmed("x86_64", [...kept, "pandas/tests/test_frame.py", "numpy/linalg/tests/test_it.py"]);
  expect(files).toEqual(expect.arrayContaining([...kept, "numpy/linalg"]));
  const gone = ["pandas/tests", "numpy/linalg/tests", "pyarrow/include"];
  expect(gone.filter((each) => files.includes(each))).toEqual([]);
});

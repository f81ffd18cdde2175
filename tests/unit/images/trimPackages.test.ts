import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder, write } from "../helpers/folders";

const script = join(__dirname, "../../../images/spark-base/trim-packages");

let packages: string;

const python = (program: string, ...args: string[]) => execFileSync("python3", ["-c", program, ...args], { encoding: "utf8" });

function jar(name: string, ...entries: string[]): void {
  const program =
    "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as jar: [jar.writestr(each, each) for each in sys.argv[2:]]";
  python(program, join(packages, "pyspark/jars", name), ...entries);
}

/** What is left in a jar, each entry with its content read; undefined where the jar is gone. */
function left(name: string): string[] | undefined {
  const path = join(packages, "pyspark/jars", name);
  const program =
    "import sys, zipfile\njar = zipfile.ZipFile(sys.argv[1])\n[print(jar.read(each).decode()) for each in jar.namelist()]";
  return existsSync(path) ? python(program, path).trim().split("\n") : undefined;
}

function trim(machine: string): void {
  const program = "import platform, runpy, sys\nplatform.machine = lambda: sys.argv[2]\nrunpy.run_path(sys.argv[3])";
  python(program, packages, machine, script);
}

beforeEach(() => {
  packages = temporaryFolder();
  mkdirSync(join(packages, "pyspark/jars"), { recursive: true });
  mkdirSync(join(packages, "pyarrow/include"), { recursive: true });
  jar(
    "rocksdbjni-9.jar",
    "org/rocksdb/DB.class",
    "librocksdbjni-linux32.so",
    "librocksdbjni-linux64.so",
    "librocksdbjni-linux64-musl.so",
    "librocksdbjni-linux-aarch64.so",
    "librocksdbjni-linux-aarch64-musl.so",
    "librocksdbjni-osx-arm64.jnilib",
    "librocksdbjni-win64.dll",
  );
  jar("zstd-jni-1.jar", "Zstd.class", "linux/amd64/libzstd.so", "linux/aarch64/libzstd.so", "freebsd/amd64/libzstd.so");
  jar("netty-quic-4-linux-x86_64.jar", "META-INF/native/libquic_linux_x86_64.so");
  jar("netty-quic-4-linux-aarch_64.jar", "META-INF/native/libquic_linux_aarch_64.so");
  jar("netty-quic-4-osx-x86_64.jar", "META-INF/native/libquic_osx_x86_64.jnilib");
  jar("unknown-1.jar", "A.class", "native/one.so", "native/two.so");
  jar("signed-1.jar", "META-INF/KEY.SF", "linux/amd64/library.so", "win/library.dll");
  jar("plain-1.jar", "A.class");
});

test.each([
  ["x86_64", "librocksdbjni-linux64.so", "linux/amd64/libzstd.so", "linux-x86_64", "linux-aarch_64"],
  ["aarch64", "librocksdbjni-linux-aarch64.so", "linux/aarch64/libzstd.so", "linux-aarch_64", "linux-x86_64"],
])("on %s its own libraries are left", (machine, rocksdb, zstd, own, other) => {
  trim(machine);
  expect(left("rocksdbjni-9.jar")).toEqual(["org/rocksdb/DB.class", rocksdb]);
  expect(left("zstd-jni-1.jar")).toEqual(["Zstd.class", zstd]);
  expect(left(`netty-quic-4-${own}.jar`)).toHaveLength(1);
  expect(left(`netty-quic-4-${other}.jar`)).toBeUndefined();
  expect(left("netty-quic-4-osx-x86_64.jar")).toBeUndefined();
});

test("on a processor that it does not know, every library stays that Linux might load", () => {
  trim("riscv64");
  expect(left("zstd-jni-1.jar")).toEqual(["Zstd.class", "linux/amd64/libzstd.so", "linux/aarch64/libzstd.so"]);
  expect(left("netty-quic-4-linux-aarch_64.jar")).toHaveLength(1);
});

test("a jar stays as it is that is signed, or has no library, or none that is known to be for this machine", () => {
  trim("x86_64");
  expect(left("signed-1.jar")).toHaveLength(3);
  expect(left("plain-1.jar")).toEqual(["A.class"]);
  expect(left("unknown-1.jar")).toEqual(["A.class", "native/one.so", "native/two.so"]);
});

test("tests and headers go, and nothing else of a package", () => {
  for (const file of [
    "pandas/core/frame.py",
    "pandas/tests/test_frame.py",
    "numpy/linalg/tests/test_it.py",
    "py4j/tests/used.py",
  ]) {
    write(join(packages, file), "");
  }
  trim("x86_64");
  const there = [
    "pandas/core/frame.py",
    "pandas/tests",
    "numpy/linalg",
    "numpy/linalg/tests",
    "py4j/tests/used.py",
    "pyarrow/include",
  ];
  expect(there.filter((each) => existsSync(join(packages, each)))).toEqual([
    "pandas/core/frame.py",
    "numpy/linalg",
    "py4j/tests/used.py",
  ]);
});

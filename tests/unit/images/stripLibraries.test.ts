import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder } from "../helpers/folders";

const script = join(__dirname, "../../../images/base/strip-libraries");

/** A library of 64 bits with one segment, "code", that ends at byte 124; behind it are `rest` and a table of sections. */
function library(rest: string): Buffer {
  const header = Buffer.alloc(64);
  header.write("\x7fELF\x02\x01", "latin1");
  header.writeBigUInt64LE(64n, 32); // where the segments' table is
  header.writeBigUInt64LE(200n, 40); // where the sections' table is
  header.writeUInt16LE(56, 54); // the size of an entry, and the number of segments
  header.writeUInt16LE(1, 56);
  header.writeUInt16LE(9, 60); // the number of sections, and which one has their names
  header.writeUInt16LE(8, 62);
  const segment = Buffer.alloc(56);
  segment.writeBigUInt64LE(120n, 8);
  segment.writeBigUInt64LE(4n, 32);
  return Buffer.concat([header, segment, Buffer.from(`code${rest}`)]);
}

test("a library loses what is behind its last segment, and other files stay as they are", () => {
  const folder = temporaryFolder();
  const narrow = library("symbols");
  narrow.writeUInt8(1, 4); // 32 bits
  const empty = library("sections");
  empty.writeUInt16LE(0, 56); // no segment
  const others = {
    "object.so": empty,
    "narrow.so": narrow,
    "script.so": Buffer.from("INPUT(other.so)"),
    "empty.so.1": Buffer.alloc(0),
  };
  for (const [name, content] of Object.entries({ "some.cpython-311.so": library("symbols"), ...others })) {
    writeFileSync(join(folder, name), content);
  }
  symlinkSync("gone.so", join(folder, "link.so"));
  for (const time of ["first", "second"]) {
    execFileSync(script, [folder]);
    const left = readFileSync(join(folder, "some.cpython-311.so"));
    expect({ time, code: left.subarray(120).toString() }).toEqual({ time, code: "code" });
    expect(left.readBigUInt64LE(40)).toBe(0n);
    expect(left.readUInt32LE(60)).toBe(0);
  }
  for (const [name, content] of Object.entries(others)) {
    expect(readFileSync(join(folder, name))).toEqual(content);
  }
});

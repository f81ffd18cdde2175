import fc from "fast-check";

import { formatMemory, nearestMemory, parseMemory } from "../../../config/memory";

const mebibytes = fc.integer({ min: 1, max: 1024 * 1024 });

test("memory that is written is read back as it was", () => {
  fc.assert(fc.property(mebibytes, (memory) => parseMemory(formatMemory(memory)) === memory));
});

test("whole gibibytes are written as such, all else in mebibytes", () => {
  fc.assert(fc.property(mebibytes, (memory) => formatMemory(memory).endsWith("g") === (memory % 1024 === 0)));
  expect([1024, 1536, 2048].map(formatMemory)).toEqual(["1g", "1536m", "2g"]);
});

test("memory is read as Spark reads it, and what is none for Spark is none", () => {
  expect(["512m", "2g", "2G", "2gb", "1t"].map(parseMemory)).toEqual([512, 2048, 2048, 2048, 1024 * 1024]);
  const none = ["", "512", "1.5g", "-1g", "1 g", "g", "2x", "1k", "0x10m", "512m\n", "1e3m", "9999999999m"];
  expect(none.filter((text) => parseMemory(text) !== undefined)).toEqual([]);
});

test("a fraction means the next whole mebibyte, so that nobody gets less than was asked for", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 1, max: 999 }), (whole, thousandths) => {
      const text = `${String(whole)}.${String(thousandths).padStart(3, "0")}g`;
      const meant = parseMemory(nearestMemory(text) ?? "");
      const exact = (whole + thousandths / 1000) * 1024;
      return meant !== undefined && meant >= exact - 1e-6 && meant < exact + 1;
    }),
  );
  expect(nearestMemory("1.5g")).toBe("1536m");
  expect(nearestMemory("0.5t")).toBe("512g");
  expect(["1.5", "2g", "a.bg", "1,5g"].map(nearestMemory)).toEqual(Array(4).fill(undefined));
});

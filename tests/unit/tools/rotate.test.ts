import { rotate } from "../../../tools/commands/rotate";
import * as up from "../../../tools/commands/up";
import type { OpenStack } from "../../../tools/stack/openStack";
import * as prepared from "../../../tools/stack/prepareStack";

test("a rotation writes the configuration once the stack is prepared, and not if another run works on it", async () => {
  const steps: string[] = [];
  const step = (name: string) => () => {
    steps.push(name);
    return Promise.resolve();
  };
  jest.spyOn(console, "error").mockReturnValue();
  jest.spyOn(up, "upPrepared").mockImplementation(step("up"));
  const prepare = jest.spyOn(prepared, "prepareStack").mockImplementation(step("prepare"));
  const stack = { pulumi: { setConfig: step("configure") } } as unknown as OpenStack;
  await rotate(stack, "token");
  expect(steps).toEqual(["prepare", "configure", "up"]);
  prepare.mockRejectedValue(new Error("Another run works on stack dev"));
  await expect(rotate(stack, "token")).rejects.toThrow("Another run");
  expect(steps).toEqual(["prepare", "configure", "up"]);
});

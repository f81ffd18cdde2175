import { freePorts } from "../../../testbed/freePorts";

test("a port found free is not given to anyone else, though nothing listens on it yet", async () => {
  const [first] = await freePorts(1);
  const again = (Number(first) - 20_000 + 0.5) / 12_000;
  const random = jest.spyOn(Math, "random").mockReturnValueOnce(again).mockReturnValueOnce(again);
  const [second] = await freePorts(1);
  expect(second).not.toBe(first);
  expect(random.mock.calls.length).toBeGreaterThan(2);
});

import { randomBytes } from "node:crypto";

import { Cluster } from "../helpers/cluster";
import { SecurityContext } from "../helpers/securityContext";
import { WireTap } from "../helpers/wireTap";

/** Sends a text from driver to executors, between executors, and back, thousands of times each. */
const ship = (text: string) => `
text = ${JSON.stringify(text)}
large = sc.broadcast([text + str(i) for i in range(20000)])
print(sorted(sc.parallelize(range(4), 4).map(lambda i: len(large.value[i]) and text).collect()) == [text] * 4)
print(sc.parallelize(range(20000), 4).map(lambda i: (i, text + str(i))).repartition(2).filter(lambda pair: text in pair[1]).count())
print(len(sc.parallelize(range(20000), 2).map(lambda i: text + str(i)).collect()))
`;

/** Asks for a page in plain HTTP: what a wire without encryption looks like. */
const plainly = (text: string) => `
import urllib.request
print(urllib.request.urlopen("http://spark-master:8080/${text}", timeout=60).status)
`;

/** What a job ships is encrypted on its way. */
export function wire(cluster: Cluster, context: SecurityContext): void {
  cluster.test("no packet on the wire shows what a job ships; plain HTTP is seen there", async (stack) => {
    const { notebook } = await context.session();
    const [shipped, plain] = [randomBytes(16).toString("hex"), randomBytes(16).toString("hex")];
    const tap = await WireTap.open(stack);
    const control = await notebook.run(plainly(plain));
    const answer = await notebook.run(ship(shipped));
    const { frames, missed } = await tap.close();
    expect(control.trim()).toBe("200");
    expect(answer.trim().split("\n")).toEqual(["True", "20000", "20000"]);
    expect(frames.includes(plain)).toBe(true);
    expect(frames.length).toBeGreaterThan(2 * 20_000 * shipped.length); // the job's own packets are among them
    expect(frames.includes(shipped)).toBe(false);
    expect(missed).toBeLessThan(100);
  });
}

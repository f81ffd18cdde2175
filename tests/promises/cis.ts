import { Cluster } from "../helpers/cluster";
import { Examined, needless, rules } from "../helpers/cisRules";
import { SecurityContext } from "../helpers/securityContext";

const look = `cat /proc/1/status; for each in ${needless.join(" ")}; do command -v $each; done
touch /usr/probe /home/probe /etc/spark-cluster/probe 2>&1; true`;

/** The lines of a text that begin so. */
const lines = (text: string, begin: RegExp) => text.split("\n").filter((line) => begin.test(line));

/** Every container keeps the rules of the CIS Docker Benchmark. */
export function cis(cluster: Cluster, context: SecurityContext): void {
  describe("the CIS Docker Benchmark", () => {
    const looked = cluster.shared("the look into the containers", async (stack) => {
      const containers = Object.values(await context.containers());
      const texts = await Promise.all(containers.map(({ Id }) => stack.askInside(Id, "sh", "-c", look)));
      const fields = (text: string) =>
        [...text.matchAll(/^(\w+):\s+(.*)$/gm)].map(([, field, value]) => [field!, value!.replace(/\s+/g, " ")] as const);
      const cluster: Examined = {
        engine: stack.engine.kind,
        containers,
        kernel: new Map(containers.map((each, index) => [each, Object.fromEntries(fields(texts[index]!))])),
        programs: containers.flatMap(({ Name }, index) => lines(texts[index]!, /^\//).map((path) => `${Name}: ${path}`)),
      };
      return { cluster, texts };
    });

    cluster.test("has a check or a reason for each rule of its sections 4 and 5", async () => {
      const numbers = (section: number, last: number) => Array.from({ length: last }, (_, index) => `${section}.${index + 1}`);
      expect(rules.map(([number]) => number)).toEqual([...numbers(4, 12), ...numbers(5, 32)]);
      expect(Object.keys(await context.containers())).toHaveLength(8);
    });

    for (const [number, title, check] of rules) {
      if (typeof check === "function") {
        cluster.test(`${number} ${title}`, async () => {
          expect(check((await looked()).cluster)).toEqual([]);
        });
      }
    }

    cluster.test("5.13 too: nothing writes in any place but volumes", async () => {
      const folders = ["/usr", "/home", "/etc/spark-cluster"];
      const refused = folders.map((folder) => `touch: cannot touch '${folder}/probe': Read-only file system`);
      const { texts } = await looked();
      expect(texts.map((text) => lines(text, /^touch: /))).toEqual(texts.map(() => refused));
    });
  });
}

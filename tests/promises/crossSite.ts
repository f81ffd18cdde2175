import { until } from "../../testbed/until";
import { Cluster } from "../helpers/cluster";
import { masterState, SecurityContext } from "../helpers/securityContext";

/** A job of two tasks that end when there is a file. */
const job = `
import pathlib
go_on = pathlib.Path("/opt/workspace/go-on")
def until_told(i):
    deadline = time.time() + 600
    while not go_on.exists() and time.time() < deadline:
        time.sleep(0.1)
    return i + 20
print(sc.parallelize(range(2), 2).map(until_told).sum())
go_on.unlink()
`;

/** Spark's pages change nothing for a page of another site. */
export function crossSite(cluster: Cluster, context: SecurityContext): void {
  cluster.test("no page of another site kills a job, an application, a driver or a worker", async (stack) => {
    const { notebook, application, pages } = await context.session();
    const { sparkUi } = await stack.outputs();
    const result = notebook.run(job);
    const running = async () => {
      const url = new URL(`/proxy/${application}/api/v1/applications/${application}/jobs?status=running`, sparkUi);
      return (await (await fetch(url)).json()) as { jobId: number; stageIds: number[] }[];
    };
    const jobs = await until("the job runs", 120, async () => {
      const seen = await running();
      return seen.length > 0 && seen;
    });
    expect(jobs).toHaveLength(1);
    const [{ jobId, stageIds }] = jobs as [(typeof jobs)[0]];

    const master = [
      ["app/kill/", `id=${application}&terminate=true`],
      ["driver/kill/", `id=${application}&terminate=true`],
      ["workers/kill/", "host=spark-worker-1&host=spark-worker-2"],
    ].map(([path, query]) => [new URL(path!, sparkUi), query!] as const);
    const its = [new URL(`/proxy/${application}/`, sparkUi), pages].flatMap((base) => [
      [new URL("jobs/job/kill/", base), `id=${jobId}`] as const,
      [new URL("stages/stage/kill/", base), `id=${stageIds[0]!}`] as const,
    ]);
    const headers = { Origin: "http://elsewhere.example", "Content-Type": "application/x-www-form-urlencoded" };
    const post = async (url: URL, body = "") => (await fetch(url, { method: "POST", headers, body })).status;
    const withQuery = ([url, query]: readonly [URL, string]) => post(new URL(`?${query}`, url));
    const withForm = ([url, query]: readonly [URL, string]) => post(url, query);
    const ofMasterSaid = await Promise.all([...master.map(withQuery), ...master.map(withForm)]);
    // A form goes to its own address alone: one that goes through the master is an error of 500 after ten seconds.
    const ofApplicationSaid = await Promise.all([
      ...its.map(withQuery),
      ...its.filter(([{ host }]) => host === pages.host).map(withForm),
    ]);
    await Promise.all([...master, ...its].map(([url, query]) => fetch(new URL(`?${query}`, url), { headers })));
    // The master has no such door. An application's is locked by the same setting, and in Spark 4.1 by a guard before it, which is what
    // answers here; 3.5 has none.
    expect(ofMasterSaid).toEqual(ofMasterSaid.map(() => 405));
    expect(ofApplicationSaid.filter((status) => status !== 403 && status !== 405)).toEqual([]);
    const environment = await fetch(new URL(`/api/v1/applications/${application}/environment`, pages));
    expect(((await environment.json()) as { sparkProperties: [string, string][] }).sparkProperties).toContainEqual([
      "spark.ui.killEnabled",
      "false",
    ]);

    expect((await running()).map((each) => each.jobId)).toEqual([jobId]);
    await stack.askInside(stack.nameOf("master"), "touch", "/opt/workspace/go-on");
    expect((await result).trim()).toBe("41");
    const { workers, activeapps } = await masterState(stack);
    expect(workers.map(({ state }) => state)).toEqual(["ALIVE", "ALIVE"]);
    expect(activeapps.find(({ id }) => id === application)?.state).toBe("RUNNING");
  });
}

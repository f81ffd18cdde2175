import { Cluster } from "../helpers/cluster";
import { applications } from "../promises/applications";
import { browser } from "../promises/browser";
import { control } from "../promises/control";
import { kernel } from "../promises/kernel";
import { notebookTools } from "../promises/notebookTools";
import { runAgain } from "../promises/runAgain";
import { lostWrites } from "../promises/lostWrites";
import { sampleNotebooks } from "../promises/sampleNotebooks";
import { sessions } from "../promises/sessions";
import { workersPython } from "../promises/workersPython";

describe("a cluster on Docker by default", () => {
  const cluster = new Cluster();

  cluster.test("make up brings it up, and a job runs on all workers", async () => {
    expect(await cluster.up()).toContain("A job ran on all 2 workers and gave the right answer.");
  });

  sessions(cluster);
  kernel(cluster);
  sampleNotebooks(cluster);
  browser(cluster);
  workersPython(cluster);
  notebookTools(cluster);
  runAgain(cluster);
  control(cluster);
  lostWrites(cluster);
  applications(cluster); // last: it makes event logs older, and restarts the history server
});

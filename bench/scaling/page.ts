import { Machine } from "../harness/machine";
import { PodExecutor } from "./podExecutor";
import { Figure, heads, Stage } from "./stage";

const [begin, end] = ["<!-- measured: make scaling -->\n", "<!-- end of what was measured -->"];

/** All results of one run, kept as JSON in bench/results/. */
export interface Seen {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly date: string;
  readonly commit: string;
  readonly stages: readonly Stage[];
  readonly podExecutor?: PodExecutor | { readonly failure: string };
}

/** The page with the results between its two markers. @throws if it has no markers. */
export function withSeen(page: string, seen: Seen): string {
  const [before, rest] = page.split(begin);
  if (before === undefined || rest?.includes(end) !== true) {
    throw new Error("the page has no place for the table");
  }
  return `${before}${begin}\n${textOf(seen)}\n${rest.slice(rest.indexOf(end))}`;
}

export function textOf({ machine, versions, date, commit, stages, podExecutor }: Seen): string {
  const figures = Object.keys(heads) as Figure[];
  const rows = stages.map((stage) => [
    stage.masterMemory,
    stage.workers.toLocaleString("en"),
    ...figures.map((figure) => shown(stage.figures[figure])),
  ]);
  const table = [["`masterMemory`", "Workers", ...Object.values(heads)], Array<string>(figures.length + 2).fill("---"), ...rows];
  const failures = stages.flatMap(({ masterMemory, workers, failure }) =>
    failure === undefined ? [] : [`- ${workers} workers, \`masterMemory\` ${masterMemory}: ${failure.replace(/\s+/g, " ")}`],
  );
  const software = Object.entries(versions).map(([program, version]) => `${program} ${version}`);
  return [
    `${machine.processor}, ${machine.cores} cores, ${machine.memory} GiB, Linux ${machine.kernel}. ${software.join(", ")}. ` +
      `Measured ${date.slice(0, 10)} at ${commit}, each once.\n`,
    ...table.map((cells) => `| ${cells.join(" | ")} |`),
    "",
    ...(failures.length === 0 ? [] : ["What failed, or was not run:\n", ...failures, ""]),
    ...(podExecutor === undefined ? [] : [wordsOfPod(podExecutor), ""]),
  ].join("\n");
}

function wordsOfPod(pod: NonNullable<Seen["podExecutor"]>): string {
  return "failure" in pod
    ? `An executor as Kubernetes would start it: ${pod.failure.replace(/\s+/g, " ")}`
    : `An executor as Kubernetes would start it had a first job done ${shown(pod.seconds)} s after its container's start.`;
}

/** Three significant digits. */
function shown(figure: number | undefined): string {
  if (figure === undefined) {
    return "";
  }
  const digits = Number.isInteger(figure) || figure >= 100 ? 0 : figure >= 10 ? 1 : 2;
  return figure.toFixed(digits);
}

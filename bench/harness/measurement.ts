import { Scratch } from "./scratch";

/** What figures are counted in: seconds, and bytes by the million or the milliard. */
export type Unit = "s" | "MB" | "GB";

/** One run of one side. */
export interface Sample {
  /** In the measurement's unit. */
  readonly value: number;
  /** What else was seen, by a name that tells its unit. */
  readonly beside?: Readonly<Record<string, number>>;
  /** What is kept with the raw figures alone. */
  readonly raw?: unknown;
}

/** What is to be reached, by the median of all runs. */
export interface Target {
  /** Of this project's own figure, of ours / theirs, or of ours - theirs. */
  readonly of: "ours" | "ratio" | "difference";
  readonly atMost: number;
  /** One of the figures beside the value, in its place. */
  readonly beside?: string;
}

/** The two that are compared, ready to be run. Without `theirs` there is nothing that a person would use instead. */
export interface Sides {
  ours(): Promise<Sample>;
  theirs?(): Promise<Sample>;
}

/** One line of the table: a file in measurements/. */
export interface Measurement {
  /** What `BENCH=` calls it. */
  readonly name: string;
  readonly what: string;
  /** What a person would use instead. */
  readonly against: string;
  readonly unit: Unit;
  readonly targets: readonly Target[];
  /** How often each side is run. */
  readonly pairs: number;
  /** Seconds that any one step may take: the setup, or one run of one side. */
  readonly patience: number;
  /** Makes what both sides need; what it leaves behind is given to the scratch as soon as it is there. */
  setup(scratch: Scratch): Promise<Sides>;
}

/** What came of a measurement. Pairs that were run before one failed are kept. */
export interface Outcome {
  readonly name: string;
  readonly what: string;
  readonly against: string;
  readonly unit: Unit;
  readonly targets: readonly Target[];
  /** When it was begun, and the commit that was measured. */
  readonly date: string;
  readonly commit: string;
  readonly ours: readonly Sample[];
  /** As many as `ours`, each from the same pair; none where nothing is compared. */
  readonly theirs: readonly Sample[];
  readonly failure?: string;
}

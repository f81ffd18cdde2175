import { Scratch } from "./scratch";

/** The unit of figures: seconds, millions of bytes, or billions of bytes. */
export type Unit = "s" | "MB" | "GB";

/** One run of one side. */
export interface Sample {
  /** In the measurement's unit. */
  readonly value: number;
  /** Other figures of the run, by a name that includes the unit. */
  readonly beside?: Readonly<Record<string, number>>;
  /** Data that is only kept with the raw figures. */
  readonly raw?: unknown;
}

/** A target for the median of all runs. */
export interface Target {
  /** The target is for this project's own figure, for ours / theirs, or for ours - theirs. */
  readonly of: "ours" | "ratio" | "difference";
  readonly atMost: number;
  /** One of the other figures, instead of the value. */
  readonly beside?: string;
}

/** The two sides of a comparison, ready to run. Without `theirs`, there is no alternative to compare with. */
export interface Sides {
  ours(): Promise<Sample>;
  theirs?(): Promise<Sample>;
}

/** One line of the table: a file in measurements/. */
export interface Measurement {
  /** Its name in `BENCH=`. */
  readonly name: string;
  readonly what: string;
  /** The alternative that a user would choose. */
  readonly against: string;
  readonly unit: Unit;
  readonly targets: readonly Target[];
  /** How often each side is run. */
  readonly pairs: number;
  /** Seconds that any one step may take: the setup, or one run of one side. */
  readonly patience: number;
  /** Prepares both sides. Registers everything that it leaves behind with the scratch at once. */
  setup(scratch: Scratch): Promise<Sides>;
}

/** The outcome of a measurement. Pairs that ran before a failure are kept. */
export interface Outcome {
  readonly name: string;
  readonly what: string;
  readonly against: string;
  readonly unit: Unit;
  readonly targets: readonly Target[];
  /** The start of the measurement, and the measured commit. */
  readonly date: string;
  readonly commit: string;
  readonly ours: readonly Sample[];
  /** As many as `ours`, each from the same pair; empty without an alternative. */
  readonly theirs: readonly Sample[];
  readonly failure?: string;
}

import { Measurement } from "../harness/measurement";
import { coldBuild } from "./coldBuild";
import { editedBuild } from "./editedBuild";
import { firstJob } from "./firstJob";
import { growth } from "./growth";
import { imageSize } from "./imageSize";
import { masterStart } from "./masterStart";
import { noChange } from "./noChange";
import { oneMoreWorker } from "./oneMoreWorker";
import { preview } from "./preview";
import { queriesComet, queriesCometFirst } from "./queriesComet";
import { queriesDefaults } from "./queriesDefaults";
import { queriesFirst } from "./queriesFirst";
import { queriesLarge, queriesLargeComet } from "./queriesLarge";
import { queriesLocal } from "./queriesLocal";
import { refresh } from "./refresh";
import { registered } from "./registered";
import { session } from "./session";

/** All measurements, in the order of the table. */
export const measurements: readonly Measurement[] = [
  registered,
  firstJob,
  masterStart,
  noChange,
  refresh,
  oneMoreWorker,
  imageSize,
  coldBuild,
  editedBuild,
  queriesLocal,
  queriesDefaults,
  queriesFirst,
  queriesComet,
  queriesCometFirst,
  queriesLarge,
  queriesLargeComet,
  session,
  growth,
  preview,
];

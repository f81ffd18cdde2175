// Prints the engine that the stack lives on and its base image, for the scripts.
import { configValues, hostOf } from "./stack";

const values = configValues();
console.log(hostOf(values));
console.log(values["spark-cluster:baseImage"]);

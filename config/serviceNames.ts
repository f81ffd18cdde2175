import { isNameOnSwarm, longestOnSwarm, nameOnEngine, networkPart } from "../engine/names";
import { rolesOf } from "../roles";
import { Composition } from "../roles/role";
import { isStackName, Problem, shown, Subject } from "./problem";

/** The problem of a cluster whose services or network cannot have their names on a swarm, which takes a part of the stack names. */
export function serviceNameProblems(stack: string, composition: Composition, { key, fix }: Subject["name"]): readonly Problem[] {
  const parts = [networkPart, ...rolesOf(composition).flatMap(({ name }) => (name === "gateway" ? [] : [name]))];
  if (!isStackName(stack) || parts.every((part) => isNameOnSwarm(nameOnEngine(stack, part)))) {
    return [];
  }
  const longest = parts.reduce((one, other) => (one.length < other.length ? other : one));
  const most = longestOnSwarm - nameOnEngine("", longest).length;
  const allowed = `on a swarm, a name of at most ${most} letters, digits, - and _: it is a part of names such as ${nameOnEngine("NAME", longest)}`;
  return [{ key, value: shown(stack), allowed, fix: [fix] }];
}

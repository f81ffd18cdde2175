import { tried } from "../engine/tried";
import { nearestOf } from "./problem";
import { Reader, Refusal } from "./readers";

/**
 * The name of a time zone in the tz database, in the spelling of its file in /usr/share/zoneinfo. Intl takes any case, and knows
 * offsets such as `+02:00`, which are no names.
 */
export const timeZone: Reader<string> = (text) => {
  const known = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  const city = `/${text}`.toLowerCase();
  const meant = known.find((each) => `/${each}`.toLowerCase().endsWith(city));
  if (text === meant || (meant === undefined && isOtherName(text))) {
    return text;
  }
  const suggestion = meant ?? (/^\w{2,20}\/\w{2,40}$/.test(text) ? nearestOf(text, known) : "UTC");
  return new Refusal("a time zone's name in the tz database, such as Europe/Berlin", suggestion);
};

/** Whether a text is another name of a zone, which Intl does not list: Asia/Kolkata is Asia/Calcutta there. */
function isOtherName(text: string): boolean {
  const isKnown = () => new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  return /^[A-Z][A-Za-z]+(\/[A-Z][\w+-]*)+$/.test(text) && tried(isKnown) === true;
}

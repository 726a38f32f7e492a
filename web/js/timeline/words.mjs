// What the timeline writes: the page's own words, as Python hands them over, with what is to be filled in. Durations as
// pyapp/locale/display.py says them.
let words = {};

export const learn = (known) => { words = known; };

export function say(key, values = {}) {
  const known = (values.count === 1 && words[`${key}.one`]) || words[key] || key;
  if (typeof values.count === "number") values = { ...values, count: number(values.count) };
  return known.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

// As the language writes numbers: in groups from 10,000 on.
function number(value, digits = 0) {
  const [whole, rest] = value.toFixed(digits).split(".");
  const grouped = Math.abs(value) < 10_000 ? whole : whole.replace(/\B(?=(\d{3})+$)/g, words["number.group"] ?? ",");
  return rest ? `${grouped}${words["number.decimal"] ?? "."}${rest}` : grouped;
}

export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds > 0 && seconds < 0.095) return say("duration.millis", { millis: Math.max(1, Math.round(seconds * 1000)) });
  return running(seconds);
}

// Of what goes on: in tenths of a second at the finest.
export function running(seconds) {
  const tenths = Math.floor(seconds * 10 + 0.5);
  if (seconds < 9.95) return say("duration.tenths", { seconds: number(Math.max(0, tenths) / 10, 1) });
  const whole = Math.floor(seconds + 0.5);
  if (whole < 60) return say("duration.seconds", { seconds: whole });
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes < 60) return say("duration.minutes", { minutes, seconds: two(rest) });
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? inHours(minutes) : say("duration.days", { days: Math.floor(hours / 24), hours: hours % 24 });
}

const two = (number) => String(number).padStart(2, "0");
const inHours = (minutes) => say("duration.hours", { hours: Math.floor(minutes / 60), minutes: two(minutes % 60) });

// A place on the ruler: how long after the start, as finely as its steps are.
export function sinceStart(seconds, step) {
  const at = Number(seconds.toFixed(digits(step)));
  const [minutes, rest] = [Math.floor(at / 60), at % 60];
  if (step >= 60) return step < 3600 && minutes >= 60 ? inHours(minutes) : running(Math.max(seconds, 0));
  if (minutes > 0) {
    const clock = minutes < 60 ? minutes : `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
    return `${clock}:${rest < 10 ? "0" : ""}${number(rest, digits(step))}`;
  }
  if (step < 0.01 && seconds < 1) return say("duration.millis", { millis: number(seconds * 1000, digits(step * 1000)) });
  return say("duration.seconds", { seconds: number(seconds, digits(step)) });
}

const digits = (step) => Math.min(6, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));

// A moment by the clock on the wall, to the millisecond.
export function timeOfDay(moment) {
  const at = new Date(moment * 1000);
  return `${at.toLocaleTimeString(document.documentElement.lang || undefined, { hour12: false })}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

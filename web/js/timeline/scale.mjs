// The scales of the timeline: moments (seconds) to places on its axis (units) and back. Pure.
// Each is a line through known points, rising everywhere: what is before something else stands before it on all of them.
const KEPT = 0.03; // of all time in which something ran: what is left of an idle stretch
const LONG = 2; // times as long as what would be left of it: then a stretch is worth cutting

class Scale {
  constructor(moments, places, { cuts = [], bounded = false } = {}) {
    [this.moments, this.places, this.cuts, this.bounded] = [moments, places, cuts, bounded];
  }

  toPlace(moment) {
    const { moments, places } = this;
    const last = moments.length - 1;
    if (moment <= moments[0]) return this.bounded ? places[0] : places[0] + moment - moments[0];
    if (moment >= moments[last]) {
      const beyond = moment - moments[last];
      return places[last] + (this.bounded ? beyond / (1 + beyond) : beyond);
    }
    const next = after(moments, moment);
    const share = (moment - moments[next - 1]) / (moments[next] - moments[next - 1]);
    return places[next - 1] + share * (places[next] - places[next - 1]);
  }

  toMoment(place) {
    const { moments, places } = this;
    const last = moments.length - 1;
    if (place <= places[0]) return this.bounded ? moments[0] : moments[0] + place - places[0];
    if (place >= places[last]) {
      const beyond = Math.min(place - places[last], this.bounded ? 0.999 : Infinity);
      return moments[last] + (this.bounded ? beyond / (1 - beyond) : beyond);
    }
    const next = after(places, place);
    const share = (place - places[next - 1]) / (places[next] - places[next - 1]);
    return moments[next - 1] + share * (moments[next] - moments[next - 1]);
  }
}

// As much room as time.
export const byTime = (from) => new Scale([from], [0]);

// The same room between any two moments at which something began or ended.
export function bySequence(moments) {
  const known = Float64Array.from(moments).sort().filter((each, index, all) => !index || each > all[index - 1]);
  return new Scale(known.length ? known : [0], known.length ? known.map((_, index) => index) : [0], { bounded: true });
}

// By time, but for stretches in which nothing runs: of a long one little is left. `starts` and `ends` are of what runs.
export function withCuts(starts, ends, from, until) {
  const idle = gaps(starts, ends, from, until);
  const kept = KEPT * (until - from - idle.reduce((sum, [begin, end]) => sum + end - begin, 0));
  const cuts = idle.filter(([begin, end]) => end - begin > LONG * kept && kept > 0);
  const [moments, places] = [[from], [0]];
  const add = (moment, length) => {
    if (moment <= moments.at(-1)) return;
    places.push(places.at(-1) + length);
    moments.push(moment);
  };
  for (const [begin, end] of cuts) {
    add(begin, begin - moments.at(-1));
    add(end, kept);
  }
  return new Scale(moments, places, { cuts });
}

// The stretches between `from` and `until` in which nothing runs.
export function gaps(starts, ends, from, until) {
  const [begins, stops] = [Float64Array.from(starts).sort(), Float64Array.from(ends).sort()];
  const found = [];
  let [free, running] = [from, 0];
  for (let next = 0, over = 0; next < begins.length || over < stops.length; ) {
    if (next < begins.length && begins[next] <= stops[over]) {
      if (!running && begins[next] > free) found.push([free, begins[next]]);
      running += 1;
      next += 1;
    } else {
      running -= 1;
      free = Math.max(free, stops[over]);
      over += 1;
    }
  }
  if (until > free) found.push([free, until]);
  return found;
}

// The first place in a rising list whose value is over `value`.
function after(values, value) {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

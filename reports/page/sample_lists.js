// What pages of problems and samples share: where one is, the way to the next lost problem, and the samples of a run.

const MOST_CHIPS = 40;

const trail = (row, ...more) =>
  make(
    "nav",
    { class: "trail", "aria-label": "Where this is" },
    link(`/${index.candidates.length > 1 ? `?c=${chosen}` : ""}`, index.boards ? "leaderboard" : "overview"),
    " / ",
    link(lastList, "problems"),
    soft(` / ${row.benchmark}`),
    more.map((each) => [" / ", each]),
  );

// The problem `by` places further among the lost ones; from one that was not lost, the nearest in that direction.
function nextLost(by, i) {
  const rows = lostRows(chosen),
    at = rows.findIndex((row) => row.i === i);
  if (at >= 0) return rows[at + by];
  if (Number.isNaN(i)) return rows[0];
  return by > 0 ? rows.find((row) => row.i > i) : rows.findLast((row) => row.i < i);
}

// Its address, at the same kind of page as this one.
function lostAddress(by) {
  const [, page, i] = location.hash.slice(1).split("?")[0].split("/"),
    next = nextLost(by, Number(i));
  if (!next) return null;
  const pair = pairOf(next, chosen),
    own = pair ? pair[1] : next.cells.findIndex((cell) => cell && cell.why),
    why = own >= 0 && next.cells[own].why;
  if (page === "s" && why) return to(`/s/${next.i}/${own}/${why[0]}`);
  return page === "d" && why && pair ? to(`/d/${next.i}/${pair[0]}/0/${own}/${why[0]}`) : to(`/p/${next.i}`);
}
function step(by) {
  const address = lostAddress(by);
  if (address) location.hash = address;
  else say(by > 0 ? "no further lost problem" : "no lost problem before this");
}
function stepper() {
  const rows = lostRows(chosen),
    i = Number(location.hash.split("?")[0].split("/")[2]),
    at = rows.findIndex((row) => row.i === i);
  if (!rows.length) return null;
  const way = (by, text) => {
    const address = lostAddress(by);
    return address ? link(address, text) : soft(text);
  };
  const what = index.candidates.length ? "lost" : "without a pass";
  return make(
    "p",
    { class: "stepper" },
    way(-1, "‹ previous (p)"),
    soft(at >= 0 ? ` ${at + 1} of ${rows.length} ${what} ` : ` ${rows.length} ${what} `),
    way(1, "next (n) ›"),
  );
}

// The samples of a run, by verdict.
function chips(i, run, samples, here = -1) {
  const groups = new Map();
  for (const [s, { verdict }] of samples.entries()) {
    if (!groups.has(verdict)) groups.set(verdict, []);
    groups.get(verdict).push(s);
  }
  const chip = (s) =>
    make(
      "a",
      {
        class: `chip${s === here ? " here" : ""}`,
        href: `#${to(`/s/${i}/${run}/${s}`)}`,
        "aria-current": s === here ? "true" : undefined,
        title: `sample ${samples[s].index}: ${samples[s].verdict}`,
        style: { background: VERDICTS[samples[s].verdict][0] },
      },
      `#${samples[s].index}`,
    );
  return make(
    "div",
    { class: "chips" },
    [...groups].map(([verdict, places]) => {
      const from =
        here >= 0 && places.includes(here)
          ? Math.max(0, Math.min(places.indexOf(here) - MOST_CHIPS / 2, places.length - MOST_CHIPS))
          : 0;
      const rest = places.length - MOST_CHIPS,
        group = make(
          "span",
          { class: "group" },
          verdictTag(verdict, places.length),
          places.slice(from, from + MOST_CHIPS).map(chip),
        );
      if (rest > 0)
        group.append(
          button(
            (event) =>
              event.currentTarget.parentNode.replaceChildren(verdictTag(verdict, places.length), ...places.map(chip)),
            { class: "plain" },
            `${rest} more`,
          ),
        );
      return group;
    }),
  );
}

// The sample that stands for a run: a failed one of a candidate, one that passed of a baseline.
function standing(row, data, run) {
  const samples = data.runs[run],
    why = row.cells[run] && row.cells[run].why,
    passed = samples.findIndex(({ verdict }) => verdict === "passed");
  return why && !bases.has(run) ? why[0] : Math.max(0, passed);
}
const textAt = (data, at) => (at === null ? "" : data.texts[at]);
const compareAddress = (row, data, base, own, s = standing(row, data, own), t = null) => {
  const passed = data.runs[base].findIndex(({ verdict }) => verdict === "passed");
  return to(`/d/${row.i}/${base}/${t === null ? Math.max(0, passed) : t}/${own}/${s}`);
};

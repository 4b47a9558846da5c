// Which page an address is, and what keys do.

let keys = {},
  up = null,
  printWhole = null,
  redraw = null,
  turn = 0;
const HELP = [
  ["n, p", "next and previous lost problem"],
  ["j, k", "next and previous row, problem or sample"],
  ["Enter", "open"],
  ["d", "compare with the other run, and back"],
  ["/", "search"],
  ["Escape", "back, or up"],
  ["?", "these keys"],
];

async function route(event) {
  const mine = ++turn;
  keys = {};
  printWhole = redraw = typed = null;
  const [path, search] = (location.hash.slice(1) || "/").split("?");
  const query = new URLSearchParams(search || ""),
    [, page, ...numbers] = path.split("/");
  const [i, run, s, other, t] = numbers.map(Number);
  up = "/";
  if (["p", "s", "d"].includes(page) && query.has("c"))
    chosen = Math.min(Number(query.get("c")) || 0, Math.max(0, index.candidates.length - 1));
  for (const anchor of document.querySelectorAll("header nav a")) {
    const here = anchor.getAttribute("href") === `#/${["p", "s", "d"].includes(page) ? "problems" : page || ""}`;
    here ? anchor.setAttribute("aria-current", "page") : anchor.removeAttribute("aria-current");
  }
  try {
    const data = ["p", "s", "d"].includes(page) ? await load(i) : null;
    if (mine !== turn) return; // another address was asked for meanwhile
    if (page === "problems") problems(query);
    else if (page === "p") problem(data, i);
    else if (page === "s") sample(data, i, run, s, query);
    else if (page === "d") twoSamples(data, i, run, s, other, t, query);
    else if (index.boards) leaderboard(query);
    else overview(query);
  } catch (error) {
    if (mine !== turn) return;
    console.error(error);
    show(
      make("h1", {}, "There is nothing here"),
      make("p", {}, `No page has the address ${location.hash}. `, link("/", "Back to the first page")),
    );
  }
  const heading = main.querySelector("h1");
  document.title = `${short(heading ? heading.textContent : "", 80)} – codecrucible`;
  if (page !== "problems") window.scrollTo(0, 0);
  if (event && heading && document.activeElement.id !== "search" && !main.contains(document.activeElement)) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

const help = document.getElementById("keys");
if (index.rows.length) {
  document
    .querySelector("header nav")
    .append(link("/", index.boards ? "leaderboard" : "overview"), link("/problems", "problems"));
  field.addEventListener("input", () => {
    if (typed) typed(field.value.trim());
    else
      location.hash = `/problems?${new URLSearchParams({ q: field.value.trim(), ...(index.candidates.length > 1 ? { c: chosen } : {}) })}`;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      field.value = "";
      if (typed) typed("");
      field.blur();
      event.stopPropagation();
    } else if (event.key === "Enter") {
      event.preventDefault();
      field.blur();
    }
  });
} else field.hidden = true;

help.append(
  make("h2", {}, "Keys"),
  make(
    "dl",
    {},
    HELP.map(([name, does]) => [make("dt", {}, name), make("dd", {}, does)]),
  ),
  button(() => help.close(), {}, "close"),
);
document.getElementById("help").addEventListener("click", () => help.showModal());

document.addEventListener("keydown", (event) => {
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    help.open ||
    /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)
  )
    return;
  if (event.key === "/" && index.rows.length) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "?") {
    event.preventDefault();
    help.showModal();
  } else if (event.key === "Escape") {
    if (location.hash.length > 2) location.hash = up;
  } else if (
    event.key === "Enter" &&
    /^(A|BUTTON|SUMMARY)$/.test(event.target.tagName) &&
    !event.target.classList.contains("row")
  )
    return;
  else if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});
window.addEventListener("beforeprint", () => {
  for (const each of main.querySelectorAll(".decision details")) each.open = true;
  if (printWhole) printWhole();
});
narrow.addEventListener("change", () => route());
window.addEventListener("resize", () => {
  if (redraw) redraw();
});
window.addEventListener("hashchange", route);
route();

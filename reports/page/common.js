"use strict";
// Everything a model, a dataset or a user wrote reaches the page through textContent and attributes of our own alone.
const index = JSON.parse(document.getElementById("index").textContent);
const main = document.querySelector("main");
const field = document.getElementById("search");
const narrow = matchMedia("(max-width: 40rem)");
const SVG = new Set(["svg", "g", "line", "circle", "rect", "text", "path"]);

function make(tag, options = {}, ...children) {
  const node = SVG.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "click" || name === "change" || name === "input") node.addEventListener(name, value);
    else if (name === "style") Object.assign(node.style, value);
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value);
  }
  for (const child of children.flat(Infinity))
    if (child !== null && child !== undefined && child !== false) node.append(child);
  return node;
}

// With so many digits, as the tables that Python writes: what lies in the middle, as 38.25, goes to the even digit.
function fixed(value, digits) {
  const middle = Math.abs((value * 2 ** (digits + 1)) % 2) === 1; // no other number is exactly in the middle
  const below = Math.trunc(value * 10 ** digits);
  return (middle && below % 2 === 0 ? below / 10 ** digits : value).toFixed(digits);
}
const percent = (value) => (value === null || value === undefined ? "–" : `${fixed(100 * value, 1)} %`);
const points = (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${fixed(Math.abs(100 * value), 1)}`;
const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const link = (hash, ...children) => make("a", { href: `#${hash}` }, ...children);
const button = (click, options, ...children) => make("button", { type: "button", click, ...options }, ...children);
const soft = (...children) => make("span", { class: "soft" }, ...children);
const region = (name, kind, ...children) =>
  make("div", { class: kind, role: "region", "aria-label": name, tabindex: "0" }, ...children);

function show(...parts) {
  main.replaceChildren(...parts.flat(Infinity).filter((part) => part !== null && part !== undefined && part !== false));
  main.dataset.address = location.hash;
}

// Said to a screen reader.
function say(text) {
  document.getElementById("said").textContent = text;
}

// A run is told by a letter or number on its colour: B is a baseline, 1, 2, ... are candidates.
const HUES = ["#0b62c4", "#a8480a", "#7a4fc9", "#0b6e4f", "#a5307a", "#6b5a00", "#0a6a78", "#b42318"];
const bases = new Set(index.candidates.flatMap(({ pairs }) => pairs.map(([base]) => base)));
const candidateOf = new Map(index.candidates.flatMap(({ pairs }, place) => pairs.map(([, own]) => [own, place])));
function mark(run) {
  if (bases.has(run)) return ["B", "#57606a"];
  const place = candidateOf.has(run) ? candidateOf.get(run) : run;
  return [String(place + 1), HUES[place % HUES.length]];
}
function badge(run) {
  const [text, colour] = mark(run);
  return make("i", { class: "badge", style: { background: colour }, title: index.runs[run].label }, text);
}
const named = (run) => [
  badge(run),
  " ",
  make("bdi", { title: index.runs[run].label }, short(index.runs[run].label, 120)),
];

function setting(name, fallback) {
  try {
    return JSON.parse(sessionStorage.getItem(`crucible ${name}`)) ?? fallback;
  } catch {
    return fallback;
  }
}
function keep(name, value) {
  try {
    sessionStorage.setItem(`crucible ${name}`, JSON.stringify(value));
  } catch {
    /* not kept, then */
  }
}

async function copyText(pressed, text) {
  const label = pressed.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { class: "unseen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  pressed.dataset.copied = text;
  pressed.textContent = "copied";
  say("copied");
  setTimeout(() => {
    pressed.textContent = label;
  }, 1200);
}

function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement.dataset;
  const dark = root.theme ? root.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.theme = dark ? "light" : "dark";
});

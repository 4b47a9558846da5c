"use strict";
// Everything a model, a dataset or a user wrote reaches the page through textContent and attributes of our own alone.
const index = JSON.parse(document.getElementById("index").textContent);
const main = document.querySelector("main");

function make(tag, options = {}, ...children) {
  const svg = ["svg", "g", "line", "circle", "rect", "text", "path"].includes(tag);
  const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "click") node.addEventListener("click", value);
    else if (name === "style") Object.assign(node.style, value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) node.append(child);
  return node;
}
const percent = (value) => (value === null || value === undefined ? "–" : `${(100 * value).toFixed(1)} %`);
const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const link = (hash, ...children) => make("a", { href: `#${hash}` }, ...children);
function show(...parts) {
  main.replaceChildren(...parts.flat(Infinity).filter((part) => part !== null && part !== undefined));
  main.dataset.address = location.hash;
}

document.getElementById("theme").addEventListener("click", () => {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
});

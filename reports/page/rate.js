// One item at a time: its programs as text alone, and what is asked about them. Nothing here knows a run.

const LETTERS_OF_SIDES = ["A", "B"];
const CHOICES = [
  ["a", "A is better"],
  ["b", "B is better"],
  ["tie", "a tie"],
];
const progress = document.getElementById("progress"),
  undo = document.getElementById("undo");
let state = null,
  asked = [],
  busy = false;

async function ask(name, body) {
  if (busy) return;
  busy = true;
  try {
    const answer = await fetch(
      name,
      body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) },
    );
    const told = await answer.json();
    if (answer.ok) draw(told);
    else complain(told.error);
  } catch {
    complain("The command that serves this page does not answer. Start it again: it resumes, and prints the page's new address.");
  } finally {
    busy = false;
  }
}

function complain(text) {
  let place = document.getElementById("wrong");
  if (!place) main.prepend((place = make("p", { id: "wrong", class: "loud", role: "alert" })));
  place.textContent = text;
}

// A group of answers: exactly one is chosen.
function group(key, legend, choices) {
  const inputs = choices.map(([value, label]) => [make("input", { type: "radio", name: key, value, change: moved }), label]);
  const box = make(
    "fieldset",
    { class: "asked" },
    make("legend", {}, legend),
    inputs.map(([input, label]) => make("label", {}, input, " ", label)),
  );
  box.addEventListener("focusin", () => point(box));
  return { key, box, inputs: inputs.map(([input]) => input) };
}
const chosen = ({ inputs }) => inputs.find((each) => each.checked)?.value;
const active = () => asked.find(({ box }) => box.classList.contains("here")) || asked[0];
function point(box) {
  for (const each of asked) each.box.classList.toggle("here", each.box === box);
}
function moved() {
  send.disabled = asked.some((each) => !chosen(each));
}
function choose(which, value) {
  const input = which.inputs.find((each) => each.value === value);
  if (!input) return;
  input.checked = true;
  moved();
  const next = asked.slice(asked.indexOf(which) + 1).find((each) => !chosen(each)) || asked.find((each) => !chosen(each));
  (next ? next.inputs[0] : send).focus();
  say(`${which.box.querySelector("legend").textContent}: ${value}`);
}

const send = button(() => answer(), { id: "send" }, "Write down ", make("kbd", {}, "Enter"));
function answer() {
  if (send.disabled) return;
  const of = (side) => Object.fromEntries(index.questions.map((name) => [name, Number(chosen(find(`${name} ${side}`)))]));
  const sides = state.item.programs.map((_, side) => side);
  ask("answer", { done: state.done, scores: sides.map(of), preference: sides.length > 1 ? chosen(find("preference")) : "" });
}
const find = (key) => asked.find((each) => each.key === key);

function draw(told) {
  state = told;
  progress.textContent = `${told.done} of ${told.total} rated`;
  undo.disabled = !told.done;
  if (!told.item) {
    asked = [];
    show(make("h1", { tabindex: "-1" }, "All is rated"), make("p", {}, "End the command with Ctrl-C. Undo takes back the last answer."));
    main.querySelector("h1").focus();
    return;
  }
  const { problem, prompt, programs, language } = told.item,
    paired = programs.length > 1;
  const scale = [1, 2, 3, 4, 5].map((each) => [String(each), String(each)]);
  const named = (side) => (paired ? `Program ${LETTERS_OF_SIDES[side]}` : "Program");
  asked = index.questions.flatMap((name) =>
    programs.map((_, side) => group(`${name} ${side}`, `${name}${paired ? ` of ${LETTERS_OF_SIDES[side]}` : ""}, 1 (worst) to 5 (best)`, scale)),
  );
  if (paired) asked.push(group("preference", "Which is better?", CHOICES));
  send.disabled = true;
  show(
    make("h1", {}, problem),
    make("details", {}, make("summary", {}, "The task"), plain(prompt, "the task")),
    make("div", { class: "rated" }, programs.map((text, side) => make("section", {}, make("h2", {}, named(side)), code(text, language, null, named(side))))),
    make("h2", {}, "Your answers"),
    make("form", {}, asked.map(({ box }) => box)),
    send,
    make(
      "p",
      { class: "soft" },
      "Keys: ",
      make("kbd", {}, "1"),
      " to ",
      make("kbd", {}, "5"),
      " answer the marked question, ",
      paired ? [make("kbd", {}, "a"), " ", make("kbd", {}, "b"), " ", make("kbd", {}, "t"), " say which is better or that it is a tie, "] : null,
      make("kbd", {}, "Tab"),
      " goes to the next, ",
      make("kbd", {}, "Enter"),
      " writes them down, ",
      make("kbd", {}, "u"),
      " takes back the last answer.",
    ),
  );
  window.scrollTo(0, 0);
  asked[0].inputs[0].focus({ preventScroll: true });
  point(asked[0].box);
  document.title = `${short(problem, 80)} – codecrucible`;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !state) return;
  const key = event.key;
  if (key === "u") ask("undo", {});
  else if (!state.item) return;
  else if (/^[1-5]$/.test(key) && active().key !== "preference") choose(active(), key);
  else if (["a", "b", "t"].includes(key) && find("preference")) choose(find("preference"), key === "t" ? "tie" : key);
  else if (key === "Enter" && !["BUTTON", "SUMMARY"].includes(event.target.tagName)) answer();
  else return;
  event.preventDefault();
});
undo.addEventListener("click", () => ask("undo", {}));
ask("item");

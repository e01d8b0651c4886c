// Showing a form: labels, hints, what is wrong, and reading what was filled in.

import { freshId, make } from "./make.js";

/** Render a form's fields. Gives the element, read() for the answers, check() for what can be seen to be missing here. */
export function renderForm({ form, people }, nameOf) {
  const general = make("p", { class: "problem", role: "alert", hidden: true });
  const fields = new Map(form.fields.map((field) => [field.name, FIELDS[field.is](field, people, nameOf)]));
  const element = make("div", { class: "fields" }, general, [...fields.values()].map((field) => field.element));

  function show(problems) {
    for (const field of fields.values()) field.tell("");
    const unplaced = problems.filter(([name]) => !fields.has(name)).map(([, sentence]) => sentence);
    tellProblem(general, unplaced.join("\n"));
    for (const [name, sentence] of problems) fields.get(name)?.tell(sentence);
    const first = [...fields].find(([name]) => problems.some(([wrong]) => wrong === name));
    if (first) first[1].focus.focus();
  }

  return {
    element,
    show,
    enter: () => [...fields.values()][0].focus.focus(),
    read: () => Object.fromEntries([...fields].map(([name, field]) => [name, field.read()])),
    check: () => [...fields].map(([name, field]) => [name, field.check()]).filter(([, sentence]) => sentence),
  };
}

const FIELDS = {
  Words(field) {
    const control = field.long ? make("textarea", { rows: 4 }) : make("input", { type: "text", autocomplete: "off" });
    control.value = field.value;
    control.dir = "auto";
    const tooLong = () => {
      const length = control.value.length;
      return length > field.most ? `${length} characters; ${field.most} fit.` : "";
    };
    return single(field, control, tooLong);
  },
  When(field) {
    const control = make("input", { type: field.clock ? "datetime-local" : "date" });
    control.value = field.value.slice(0, field.clock ? 16 : 10);
    return single(field, control, () => (control.validity.badInput ? "Write the whole date." : ""));
  },
  Choice(field) {
    const none = !field.many && !field.required ? [{ label: "No answer", value: "" }] : [];
    const short = field.options.every((option) => option.label.length <= 3);
    return group(field, [...field.options, ...none], { most: field.many ? field.options.length : 1, row: short });
  },
  People(field, people, nameOf) {
    const options = people.map((person) => ({ label: nameOf(person), value: person }));
    if (field.most > 1) return group(field, options, { most: field.most, list: true });
    const control = make("select", {}, make("option", { value: "" }, field.required ? "Choose…" : "Nobody"),
      options.map((option) => make("option", { value: option.value }, option.label)));
    control.value = field.value[0] ?? "";
    return { ...single(field, control), read: () => (control.value ? [control.value] : []) };
  },
};

/** A field with one control and a label. */
function single(field, control, wrong = () => "") {
  control.id = freshId("field");
  control.required = field.required;
  const { hint, problem, describedBy, tell } = surroundings(field, control);
  if (describedBy) control.setAttribute("aria-describedby", describedBy);
  const label = make("label", { for: control.id, class: "label" }, field.label, mark(field));
  return {
    element: make("div", { class: "field" }, label, hint, control, problem),
    focus: control,
    read: () => control.value,
    check: () => wrong() || (field.required && !control.value ? "This needs an answer." : ""),
    tell,
  };
}

/** A field of things to tick: radios where one can be chosen, boxes where several can. */
function group(field, options, { most, row = false, list = false }) {
  const type = most > 1 || field.many ? "checkbox" : "radio";
  const name = freshId("choice");
  const boxes = options.map((option) => {
    const box = make("input", { type, name, value: option.value });
    box.checked = field.value.includes(option.value) || (option.value === "" && !field.value.length);
    return make("label", { class: "tick" }, box, make("span", { dir: "auto" }, option.label));
  });
  const inputs = boxes.map((label) => label.firstChild);
  const set = make("fieldset", { class: "field", role: type === "radio" ? "radiogroup" : null });
  const { hint, problem, describedBy, tell } = surroundings(field, type === "radio" ? set : null, list ? `Up to ${most}.` : "");
  set.append(...[make("legend", { class: "label" }, field.label, mark(field)), hint,
    make("div", { class: `ticks${row ? " ticks-row" : ""}${list ? " ticks-list" : ""}` }, boxes), problem].filter(Boolean));
  if (type === "radio" && field.required) set.setAttribute("aria-required", "true");
  if (describedBy) set.setAttribute("aria-describedby", describedBy);
  const read = () => inputs.filter((box) => box.checked && box.value).map((box) => box.value);
  const check = () => {
    const picked = read().length;
    if (picked > most) return `${picked} are ticked; ${most} can be.`;
    return field.required && !picked ? "This needs an answer." : "";
  };
  return { element: set, focus: inputs.find((box) => box.checked) ?? inputs[0] ?? set, read, check, tell };
}

/** The hint above a field and the place for a problem below it, and how both are tied to it. */
function surroundings(field, invalid, more = "") {
  const words = [field.hint, more].filter(Boolean).join(" ");
  const hint = words ? make("p", { class: "hint", id: freshId("hint"), dir: "auto" }, words) : null;
  const problem = make("p", { class: "problem", id: freshId("problem"), hidden: true });
  const describedBy = [hint?.id, problem.id].filter(Boolean).join(" ");
  const tell = (sentence) => {
    tellProblem(problem, sentence);
    if (sentence) invalid?.setAttribute("aria-invalid", "true");
    else invalid?.removeAttribute("aria-invalid");
  };
  return { hint, problem, describedBy, tell };
}

function tellProblem(element, sentence) {
  element.textContent = sentence;
  element.hidden = !sentence;
}

function mark(field) {
  return make("span", { class: "needed" }, field.required ? " (required)" : " (optional)");
}

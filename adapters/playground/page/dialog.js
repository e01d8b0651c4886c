// A form in front of somebody: opened by Drumbeat, closed with Escape, sent once.

import { renderForm } from "./form.js";
import { freshId, make } from "./make.js";

/** Open a form for a person. after(reply) goes on when it was answered; closed() when it is gone, sent or not. */
export function openForm(opened, { person, room, ask, after, closed }) {
  const { form } = opened;
  const titleId = freshId("title");
  const fields = renderForm(opened, (one) => room.nameOf(one));
  const submit = make("button", { class: "button primary" }, form.submit);
  const close = () => dialog.close();
  const dialog = make("dialog", { class: "sheet", "aria-labelledby": titleId },
    make("form", { class: "sheet-form", novalidate: true, submit: (event) => { event.preventDefault(); send(); } },
      make("header", { class: "sheet-head" },
        make("h2", { id: titleId, dir: "auto" }, form.title),
        make("p", { class: "sheet-who" }, "as ", make("bdi", {}, room.nameOf(person)))),
      make("div", { class: "sheet-body" }, fields.element),
      make("footer", { class: "sheet-foot" },
        make("button", { type: "button", class: "button plain", click: close }, "Cancel"), submit)));
  let answered = false;

  async function send() {
    if (submit.getAttribute("aria-busy") === "true") return;
    const missing = fields.check();
    fields.show(missing);
    if (missing.length) return;
    submit.setAttribute("aria-busy", "true");
    try {
      const reply = await ask({ do: "fill", form: opened.id, answers: fields.read() });
      if (reply.form?.id === opened.id) {
        fields.show(reply.form.problems);
      } else {
        answered = true;
        close();
        after(reply);
      }
    } catch (refusal) {
      fields.show([[refusal.field, refusal.message]]);
    } finally {
      submit.removeAttribute("aria-busy");
    }
  }

  dialog.addEventListener("close", () => {
    dialog.remove();
    if (!answered) ask({ do: "close", form: opened.id }).catch(() => {});
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
  // By itself a browser would choose the scrolling box around the fields.
  fields.enter();
}

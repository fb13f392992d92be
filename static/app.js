// Every page works without this file. With it, errors take the focus, buttons submit only once and leaving is quick.
import {
  Button,
  Checkboxes,
  ErrorSummary,
  ExitThisPage,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
  isSupported,
} from "./vendor/components.js"; // the semicolon is for HashedStaticFiles

// `aria-expanded` is not allowed on radios, and the revealed question comes next anyway.
class QuietRadios extends Radios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input)
    input.removeAttribute("aria-expanded")
  }
}

// Answers are deleted after an hour. Ten minutes before, tell the visitor, who can keep them without leaving the page.
const TOLD_BEFORE = 10 * 60
const LEAST_WAIT = 5

class Kept {
  constructor(block) {
    this.block = block
    this.words = block.querySelector("[role=status]")
    this.line = document.querySelector("[data-until]")
    this.form = block.querySelector("form")
    this.button = block.querySelector("button")
    this.form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.ask({ method: "POST", body: new FormData(this.form) })
    })
    document.addEventListener("visibilitychange", () => document.hidden || this.ask())
    this.wait(block.dataset.seconds - TOLD_BEFORE)
  }

  // Another window may have kept the answers in the meantime, so ask the server how long they last.
  async ask(options) {
    try {
      const answer = await fetch(this.form.action, options)
      this.show(await answer.json(), Boolean(options))
    } catch {
      this.wait(60)
    }
  }

  show({ seconds, until }, pressed) {
    if (seconds <= 0) return location.replace(this.block.dataset.ended)
    this.line.textContent = until
    const soon = seconds <= TOLD_BEFORE
    if (soon) this.open(true)
    else if (pressed) this.button.addEventListener("blur", () => this.open(false), { once: true })
    else this.open(false)
    if (soon || pressed) this.say(this.block.dataset[soon ? "goes" : "stays"].replace("%(time)s", until))
    this.wait(soon ? seconds : seconds - TOLD_BEFORE)
  }

  open(isOpen) {
    this.form.hidden = !isOpen
    this.block.classList.toggle("kept--open", isOpen)
    if (!isOpen) this.say("")
  }

  // Screen readers read each text out once, so never set the same one again.
  say(words) {
    if (this.words.textContent !== words) this.words.textContent = words
  }

  wait(seconds) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.ask(), 1000 * Math.max(seconds, LEAST_WAIT))
  }
}

if (isSupported()) {
  for (const component of [
    ExitThisPage, // first: leaving must work even if something after it fails
    ErrorSummary,
    Button,
    QuietRadios,
    Checkboxes,
    SkipLink,
    NotificationBanner,
    PasswordInput,
    ServiceNavigation,
  ]) {
    createAll(component)
  }
  document.querySelectorAll("[data-module=kept]").forEach((block) => new Kept(block))
}

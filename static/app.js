// Every page works without this file; with it, errors take the focus, buttons press once and leaving is quick.
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
} from "./vendor/components.js"

// `aria-expanded` is not for radios; what one reveals simply comes next.
class QuietRadios extends Radios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input)
    input.removeAttribute("aria-expanded")
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
}

// Runs before the page is drawn, so that parts which need JavaScript do not flash.
document.body.classList.add("js-enabled")
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported")

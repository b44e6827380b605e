// @ts-check
// Puts the device's position into the form, when its button is pressed and never before.

const field = /** @type {HTMLElement | null} */ (document.querySelector("[data-position]"))
const form = field?.closest("form")
const button = field?.querySelector("button")
const status = field?.querySelector("[role=status]")

/**
 * Write the position into the form's hidden fields, and say so.
 * @param {GeolocationPosition} position
 */
function take({ coords }) {
  set("latitude", coords.latitude)
  set("longitude", coords.longitude)
  say((field?.dataset.found ?? "").replace("{}", String(Math.round(coords.accuracy))))
}

/**
 * @param {string} name
 * @param {number} degrees
 */
function set(name, degrees) {
  const input = form?.elements.namedItem(name)
  if (input instanceof HTMLInputElement) input.value = degrees.toFixed(6)
}

/** @param {string} words */
function say(words) {
  if (status) status.textContent = words
}

if (field && "geolocation" in navigator) {
  field.hidden = false
  button?.addEventListener("click", () => {
    const refused = () => say(field.dataset.denied ?? "")
    navigator.geolocation.getCurrentPosition(take, refused, { enableHighAccuracy: true, timeout: 15_000 })
  })
}

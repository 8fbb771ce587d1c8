// Small conveniences by attribute: data-opens, data-closes, data-print, data-copy, data-once,
// data-autosubmit.

export function enhance(root) {
  root.addEventListener('click', onClick);
  root.addEventListener('submit', onSubmit);
  root.addEventListener('change', onChange);
  // Coming back with the browser's button: nothing is being sent any more.
  window.addEventListener('pageshow', () => root.querySelectorAll('form[aria-busy]').forEach(release));
  root.querySelector('.error-summary')?.focus();
  // A button that only a script can serve is shown by it.
  root.querySelectorAll('[data-print][hidden]').forEach((button) => (button.hidden = false));
}

function onClick(event) {
  const button = event.target.closest('[data-opens],[data-closes],[data-print],[data-copy]');
  if (!button) return;
  const { opens, closes, print, copy } = button.dataset;
  if (opens) document.querySelector(opens)?.showModal();
  if (closes !== undefined) button.closest('dialog')?.close();
  if (print !== undefined) window.print();
  if (copy) navigator.clipboard?.writeText(document.querySelector(copy)?.textContent.trim() ?? '').then(() => said(button));
}

function said(button) {
  if (!button.dataset.copied) return;
  const before = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = before), 2000);
}

// A form marked data-once is sent once, however often its button is pressed.
function onSubmit(event) {
  const form = event.target;
  if (!form.matches('[data-once]')) return;
  if (form.getAttribute('aria-busy') === 'true') event.preventDefault();
  form.setAttribute('aria-busy', 'true');
}

function release(form) {
  form.removeAttribute('aria-busy');
}

function onChange(event) {
  if (event.target.matches('[data-autosubmit]')) event.target.form?.requestSubmit();
}

// Every page's behaviour; each page also works without it.
import 'bootstrap/dist/css/bootstrap.css';
import './tokens.css';
import './letters.css';
import './bootstrap.css';
import './layout.css';
import './components.css';
import './staff.css';
import './print.css';
import htmx from 'htmx.org';
import 'idiomorph/htmx';
import { watchCountdowns } from './countdown.js';
import { enhance } from './enhance.js';

// Pages forbid inline styles and evaluated code, so htmx must not try either.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
// A refused form comes back as 422 with its messages: show it like an answer.
htmx.config.responseHandling = [
  { code: '204', swap: false },
  { code: '[23]..', swap: true },
  { code: '[45]..', swap: true, error: false },
];

// An answer to an older refresh must not overwrite what is being typed now.
document.addEventListener('input', ({ target }) => {
  const form = target.form;
  if (form?.hasAttribute('hx-sync')) htmx.trigger(form, 'htmx:abort', { elt: form });
});

enhance(document);
watchCountdowns(document);
document.documentElement.dataset.ready = '1';

// Countdowns: <time class="countdown" datetime="…" data-warn-seconds="14400">text</time>.
// The server writes text and state; from then on the page keeps them true.
const STEPS = [
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
];
const WARN_SECONDS = 4 * 3600;
const INTERVAL = 30_000; // milliseconds

export function watchCountdowns(root) {
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang || 'en', {
    numeric: 'always',
  });
  const tick = () => root.querySelectorAll('time.countdown[datetime]').forEach((time) => show(time, format));
  tick();
  setInterval(tick, INTERVAL);
  root.addEventListener('htmx:afterSettle', tick);
}

function show(time, format) {
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
  if (Number.isNaN(seconds)) return;
  time.dataset.state = stateOf(seconds, Number(time.dataset.warnSeconds) || WARN_SECONDS);
  const text = phrase(seconds, format);
  const place = time.querySelector('.countdown-text') ?? time;
  if (place.textContent !== text) place.textContent = text;
}

function stateOf(seconds, warn) {
  if (seconds < 0) return 'late';
  return seconds < warn ? 'soon' : 'calm';
}

function phrase(seconds, format) {
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? STEPS.at(-1);
  return format.format(Math.trunc(seconds / size), unit);
}

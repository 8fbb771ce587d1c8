// A process diagram, read-only, with tokens where the case stands.
// Reads #diagram-data: {"xml": "…", "active": [element ids], "completed": [element ids]}.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './diagram.css';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

const READABLE = 0.75; // of the drawn size: names of elements can still be read

const container = document.getElementById('diagram');
const given = document.getElementById('diagram-data');
if (container && given) await show(container, JSON.parse(given.textContent));
document.documentElement.dataset.ready = '1';

async function show(place, { xml, active = [], completed = [] }) {
  const viewer = new NavigatedViewer({ container: place });
  await viewer.importXML(xml);
  const known = viewer.get('elementRegistry');
  const present = (ids) => ids.filter((id) => known.get(id));
  present(completed).forEach((id) => viewer.get('canvas').addMarker(id, 'element-completed'));
  present(active).forEach((id) => placeToken(viewer, id));
  nameIt(place, viewer, present(active));
  offerZoom(viewer);
  stand(viewer, present(active));
  // Taken out of the page, or hidden, the place has no size to fit anything into.
  new ResizeObserver(() => place.clientWidth && stand(viewer, present(active))).observe(place);
}

function placeToken(viewer, id) {
  viewer.get('canvas').addMarker(id, 'element-active');
  const token = document.createElement('span');
  token.className = 'token';
  viewer.get('overlays').add(id, 'token', { position: { top: -10, left: -10 }, html: token });
}

// The picture is one image to a screen reader; the page's list of steps says the same in words.
function nameIt(place, viewer, active) {
  const names = active.map((id) => viewer.get('elementRegistry').get(id).businessObject.name ?? id);
  const title = place.dataset.title ?? 'Process diagram';
  const image = place.querySelector('svg');
  image.setAttribute('role', 'img');
  image.setAttribute('aria-label', names.length ? `${title}: ${names.join(', ')}` : title);
}

function offerZoom(viewer) {
  const steps = { in: () => viewer.get('zoomScroll').stepZoom(1), out: () => viewer.get('zoomScroll').stepZoom(-1), fit: () => fit(viewer) };
  document.querySelectorAll('[data-diagram-zoom]').forEach((button) => {
    button.addEventListener('click', () => steps[button.dataset.diagramZoom]?.());
    button.hidden = false;
  });
}

function fit(viewer) {
  const canvas = viewer.get('canvas');
  canvas.resized();
  return canvas.zoom('fit-viewport', 'auto');
}

// The whole if it can be read at that size, else where the case stands now.
function stand(viewer, active) {
  if (fit(viewer) >= READABLE || !active.length) return;
  const { x, y, width, height } = viewer.get('elementRegistry').get(active[0]);
  const middle = { x: x + width / 2, y: y + height / 2 };
  const canvas = viewer.get('canvas');
  canvas.zoom(READABLE);
  const { width: wide, height: high } = canvas.viewbox();
  canvas.viewbox({ x: middle.x - wide / 2, y: middle.y - high / 2, width: wide, height: high });
}

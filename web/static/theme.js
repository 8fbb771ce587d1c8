// Follow the device's wish for light or dark, before the page is painted: so no module.
(() => {
  const page = document.documentElement;
  if (page.dataset.theme !== 'auto') return;
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const follow = () => { page.dataset.bsTheme = dark.matches ? 'dark' : 'light'; };
  follow();
  dark.addEventListener('change', follow);
})();

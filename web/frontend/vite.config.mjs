// Bundles the entries into hashed files; web/assets.py turns the manifest into tags.
import { defineConfig } from 'vite';

const DARK = '[data-bs-theme=dark]';
const AS_THE_DEVICE = ':root:not([data-bs-theme])';

// Dark rules also hold, without any script, where the visitor chose nothing and the device is dark.
const darkAsTheDevice = {
  postcssPlugin: 'dark-as-the-device',
  OnceExit(root, { AtRule }) {
    root.walkRules((rule) => {
      const selectors = rule.selectors.filter((selector) => selector.includes(DARK));
      if (!selectors.length) return;
      const media = new AtRule({ name: 'media', params: '(prefers-color-scheme: dark)' });
      const copy = rule.clone({ selectors: selectors.map((s) => s.replace(DARK, AS_THE_DEVICE)) });
      rule.after(media.append(copy));
    });
  },
};

export default defineConfig({
  base: './',
  publicDir: false,
  css: { postcss: { plugins: [darkAsTheDevice] } },
  build: {
    outDir: '../static/dist',
    emptyOutDir: true,
    manifest: 'manifest.json',
    license: { fileName: 'licenses.md' },
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { site: 'src/site.js', diagram: 'src/diagram.js' },
      checks: { eval: false }, // htmx could evaluate code; src/site.js forbids it to
    },
  },
});

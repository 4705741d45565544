import { defineConfig, type Plugin } from 'vite';

const devBase = '/api/dashboard/';

// The server puts the real base into the page; while developing nobody does but this.
const baseHref: Plugin = {
    name: 'base-href',
    apply: 'serve',
    transformIndexHtml: html => html.replace('<base href="./">', `<base href="${devBase}">`),
};

export default defineConfig(({ command }) => ({
    base: command === 'serve' ? devBase : './',
    plugins: [baseHref],
    server: {
        proxy: {
            '^/api/(?!dashboard(/|$))': 'http://localhost:7071',
        },
    },
    build: {
        outDir: process.env['CHARD_DASHBOARD_OUT'] || 'dist',
        emptyOutDir: true,
        target: 'es2022',
        modulePreload: { polyfill: false },
        // The page's CSP knows no data: URLs.
        assetsInlineLimit: 0,
        cssCodeSplit: false,
    },
}));

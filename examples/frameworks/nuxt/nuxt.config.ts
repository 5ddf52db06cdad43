export default defineNuxtConfig({
  compatibilityDate: '2026-01-01',
  telemetry: false,
  app: { head: { title: 'Acme', link: [{ rel: 'icon', href: 'data:,' }] } },
  // NUXT_PUBLIC_HUB
  runtimeConfig: { public: { hub: '' } },
});

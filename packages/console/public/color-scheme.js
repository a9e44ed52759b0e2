// Runs before the first paint, so that a dark console never flashes white.
(() => {
  let chosen = 'auto';
  try {
    chosen = localStorage.getItem('usher.color-scheme') || 'auto';
  } catch {
    // Storage may be forbidden; the system's scheme is as good.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();

/** Name of the stored choice, and of the event that tells the page about a new one. */
export const THEME_KEY = 'refbox-theme'

/**
 * Runs in <head> before the first paint, so that nobody sees a flash of the other theme. It also
 * follows the system from then on. `data-theme` is always the theme that is shown.
 */
export const THEME_SCRIPT = `(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const chosen = localStorage.getItem('${THEME_KEY}');
    document.documentElement.dataset.theme =
      chosen === 'light' || chosen === 'dark' ? chosen : dark.matches ? 'dark' : 'light';
  };
  dark.addEventListener('change', apply);
  addEventListener('storage', apply);
  addEventListener('${THEME_KEY}', apply);
  apply();
})()`

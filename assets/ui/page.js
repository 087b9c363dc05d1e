// Runs before the app: the page's language and theme, kept in this browser. Gradio takes its language from
// navigator.language, so that is set to the chosen one; the cookie tells the server, which words progress and jobs.
(() => {
  const kept = (key, value) => {
    try {
      if (value) localStorage.setItem(key, value);
      return localStorage.getItem(key);
    } catch (error) {
      return value || null;  // storage is switched off
    }
  };
  const query = new URLSearchParams(location.search);
  const wanted = query.get("__lang") || kept("easel.language") || navigator.language || "en";
  const language = wanted.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
  Object.defineProperty(navigator, "language", { get: () => language, configurable: true });
  Object.defineProperty(navigator, "languages", { get: () => [language], configurable: true });
  const tell = (value) => (document.cookie = `easel_language=${value}; path=/; SameSite=Strict; max-age=31536000`);
  tell(language);
  if (query.get("__lang")) kept("easel.language", language);

  const theme = query.get("__theme") || kept("easel.theme");
  const apply = (dark) => document.body.classList.toggle("dark", dark);
  if (theme === "dark" || theme === "light") {
    const keep = () => document.body.classList.contains("dark") === (theme === "dark") || apply(theme === "dark");
    addEventListener("DOMContentLoaded", () => {  // Gradio sets the system's theme once, when it mounts
      keep();
      const observer = new MutationObserver(keep);
      observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
      addEventListener("easel:theme", () => observer.disconnect());
    });
  }
  window.easel = {
    setLanguage(value) {
      kept("easel.language", value);
      tell(value);
      const url = new URL(location);
      url.searchParams.delete("__lang");
      location.replace(url);
      if (url.href === location.href) location.reload();
    },
    toggleTheme() {
      dispatchEvent(new Event("easel:theme"));
      const dark = !document.body.classList.contains("dark");
      kept("easel.theme", dark ? "dark" : "light");
      apply(dark);
    },
  };
})();

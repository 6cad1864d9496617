// Tells the page around this one how high it is, and nothing else.
(function () {
  'use strict';
  if (window.parent === window) return;
  function tell() {
    window.parent.postMessage({ outcryHeight: Math.ceil(document.documentElement.getBoundingClientRect().height) }, '*');
  }
  tell();
  if (window.ResizeObserver) new ResizeObserver(tell).observe(document.documentElement);
  else window.addEventListener('resize', tell);
})();

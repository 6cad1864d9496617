// Puts the report button of a service where this script stands:
//
//   <script async src="https://outcry.example/report.js" data-service="whatsapp"></script>
//
// data-lang sets the language (by default that of the page), data-theme light or
// dark (by default what the visitor prefers), data-title the frame's name for
// screen readers. It sets no cookie and reads nothing of the page but its language.
// A page with a Content-Security-Policy must allow the server in script-src and
// frame-src.
(function () {
  'use strict';
  var script = document.currentScript;
  var service = script && script.getAttribute('data-service');
  if (!service) {
    console.error('report.js: the script element needs data-service, such as data-service="whatsapp"');
    return;
  }
  var url = new URL('report/' + encodeURIComponent(service), script.src);
  var lang = script.getAttribute('data-lang') || document.documentElement.lang;
  var theme = script.getAttribute('data-theme');
  if (lang) url.searchParams.set('lang', lang);
  if (theme) url.searchParams.set('theme', theme);

  var frame = document.createElement('iframe');
  frame.src = url.href;
  frame.title = script.getAttribute('data-title') || service;
  frame.setAttribute('sandbox', 'allow-forms allow-scripts allow-same-origin');
  frame.style.cssText = 'display:block;width:100%;height:22rem;border:0';
  window.addEventListener('message', function (event) {
    var height = event.source === frame.contentWindow && event.origin === url.origin && event.data && event.data.outcryHeight;
    if (height > 0 && height < 5000) frame.style.height = height + 'px';
  });
  script.insertAdjacentElement('afterend', frame);
})();

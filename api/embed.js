// Puts the live chart of a service where this script stands:
//
//   <script async src="https://outcry.example/embed.js" data-service="whatsapp"></script>
//
// data-window is 24h, 6h, 3h or 1h; data-from and data-to (2022-10-25T07:00:00Z)
// freeze the chart; data-symptom shows one symptom alone. data-lang sets the language
// (by default that of the page), data-tz the zone of the times (by default UTC),
// data-theme light, dark or auto, data-title the frame's name for screen readers.
// It sets no cookie and reads nothing of the page but its language. A page with a
// Content-Security-Policy must allow the server in script-src and frame-src.
(function () {
  'use strict';
  var script = document.currentScript;
  var service = script && script.getAttribute('data-service');
  if (!service) {
    console.error('embed.js: the script element needs data-service, such as data-service="whatsapp"');
    return;
  }
  var url = new URL('embed/' + encodeURIComponent(service), script.src);
  ['window', 'from', 'to', 'symptom', 'lang', 'tz', 'theme'].forEach(function (name) {
    var value = script.getAttribute('data-' + name) || (name === 'lang' && document.documentElement.lang);
    if (value) url.searchParams.set(name, value);
  });
  // One snippet may name both: a range wins over the length of one.
  if (url.searchParams.has('from')) url.searchParams.delete('window');

  var frame = document.createElement('iframe');
  frame.src = url.href;
  frame.title = script.getAttribute('data-title') || service;
  frame.loading = 'lazy';
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox');
  frame.style.cssText = 'display:block;width:100%;height:30rem;border:0';
  window.addEventListener('message', function (event) {
    var height = event.source === frame.contentWindow && event.origin === url.origin && event.data && event.data.outcryHeight;
    if (!(height > 0 && height < 5000)) return;
    frame.style.height = height + 'px';
    frame.contentWindow.postMessage({ outcrySized: true }, url.origin); // it needs no scroll bar
  });
  script.insertAdjacentElement('afterend', frame);
})();

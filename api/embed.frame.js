// Keeps an embedded chart fresh, and tells the page around it how high it is. What
// cannot be had leaves the last picture, which says of when it is.
(function () {
  'use strict';
  var minute = 60000;

  function tell() {
    window.parent.postMessage({ outcryHeight: Math.ceil(document.documentElement.getBoundingClientRect().height) }, '*');
  }
  if (window.parent !== window) {
    window.addEventListener('message', function (event) {
      if (event.source === window.parent && event.data && event.data.outcrySized) document.documentElement.style.overflow = 'hidden';
    });
    tell();
    if (window.ResizeObserver) new ResizeObserver(tell).observe(document.documentElement);
    else window.addEventListener('resize', tell);
  }

  // show takes all of the new page at once, so that picture, brief and table are of
  // the same time, and leaves the table open where it was.
  function show(text) {
    var next = new DOMParser().parseFromString(text, 'text/html').querySelector('main[data-live]');
    var last = document.querySelector('main');
    if (!next || next.innerHTML === last.innerHTML) return;
    var table = last.querySelector('.table');
    var top = table ? table.scrollTop : 0;
    var old = last.querySelector('details');
    var fresh = next.querySelector('details');
    if (old && fresh && old.open) fresh.open = true;
    var focused = old && old.contains(document.activeElement) ? document.activeElement.tagName : '';
    last.replaceWith(document.adoptNode(next));
    if (table) next.querySelector('.table').scrollTop = top;
    if (focused === 'SUMMARY') fresh.querySelector('summary').focus({ preventScroll: true });
    if (focused === 'DIV') fresh.querySelector('.table').focus({ preventScroll: true });
  }

  // stale says of when the picture is, as nothing newer can be had.
  function stale() {
    var note = document.querySelector('main .stale');
    if (note) note.hidden = false;
  }

  function refresh() {
    if (document.hidden) return;
    var stop = new AbortController();
    var timer = setTimeout(function () { stop.abort(); }, minute / 3);
    // Not from the browser's cache, which would show the last minute's for another one.
    fetch(location.href, { signal: stop.signal, credentials: 'omit', cache: 'no-cache' })
      .then(function (answer) { return answer.ok ? answer.text() : ''; })
      .then(function (text) { if (text) show(text); else stale(); })
      .catch(stale)
      .then(function () { clearTimeout(timer); });
  }

  if (!document.querySelector('main[data-live]')) return;
  document.addEventListener('visibilitychange', refresh);
  setInterval(refresh, minute);
})();

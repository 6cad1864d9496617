// Puts the live chart of a service into a page, where this script stands:
//
//   <script async src="https://outcry.example/embed.js" data-service="whatsapp"></script>
//
// or as an element, in as many places as you like:
//
//   <script async src="https://outcry.example/embed.js"></script>
//   <outcry-chart service="whatsapp">What readers see until the chart is there.</outcry-chart>
//
// window is 24h, 6h, 3h, 1h, 7d or 30d; from and to (2022-10-25T07:00:00Z) freeze the
// chart; symptom shows one symptom alone, posts the posts in one language alone. lang
// sets the language (by default that of the page), tz the zone of the times (by default
// UTC), theme light, dark or auto, title the frame's name for screen readers. The script
// has them with data- before them. Where the server does not answer, there is a picture
// that leads to the chart, or what stood in the element.
// It sets no cookie and reads nothing of the page but its language. A page with a
// Content-Security-Policy must allow the server in script-src, frame-src and img-src.
(function () {
  'use strict';
  var patience = 8000;
  var names = ['window', 'from', 'to', 'symptom', 'posts', 'lang', 'tz', 'theme'];
  var script = document.currentScript || document.querySelector('script[src*="/embed.js"]');
  if (!script) return;
  var base = script.src;

  function address(service, get, form) {
    var url = new URL('embed/' + encodeURIComponent(service) + form, base);
    names.forEach(function (name) {
      var value = get(name) || (name === 'lang' && document.documentElement.lang);
      if (value) url.searchParams.set(name, value);
    });
    // One snippet may name both: a range wins over the length of one.
    if (url.searchParams.has('from')) url.searchParams.delete('window');
    return url;
  }

  function frameOf(url, title) {
    var frame = document.createElement('iframe');
    frame.src = url.href;
    frame.title = title;
    frame.loading = 'lazy';
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox');
    frame.style.cssText = 'display:block;width:100%;border:0';
    return frame;
  }

  // still stands in for a chart that does not come: the picture, or at least its name,
  // and the way to the chart.
  function still(url, picture, title) {
    var link = document.createElement('a');
    var image = document.createElement('img');
    link.href = url.href;
    link.target = '_blank';
    link.rel = 'noopener';
    image.src = picture.href;
    image.alt = title;
    image.style.cssText = 'display:block;max-width:100%;height:auto';
    link.appendChild(image);
    return link;
  }

  // whenSeen calls when the place comes into view: browsers do not load a frame that is
  // far below. It returns what ends the wait.
  function whenSeen(place, then) {
    if (!window.IntersectionObserver) return then();
    var watch = new IntersectionObserver(function (all) {
      if (!all.some(function (one) { return one.isIntersecting; })) return;
      watch.disconnect();
      then();
    });
    watch.observe(place);
    return function () { watch.disconnect(); };
  }

  // put adds the chart to a place. slot shows what stands there until then. It returns
  // what takes the chart away again.
  function put(place, slot, service, get) {
    var title = get('title') || service;
    var url = address(service, get, '');
    var frame = frameOf(url, title);
    var standin, timer;

    function filled() {
      return slot && slot.assignedNodes().some(function (node) { return node.nodeType === 1 || node.textContent.trim(); });
    }
    function wait() {
      if (timer === null) return;
      if (slot) slot.style.display = '';
      frame.style.height = filled() ? '0' : '30rem';
    }
    function sized(event) {
      var height = event.source === frame.contentWindow && event.origin === url.origin && event.data && event.data.outcryHeight;
      if (!(height > 0 && height < 5000)) return;
      clearTimeout(timer);
      timer = null;
      if (standin) standin.remove();
      standin = null;
      if (slot) slot.style.display = 'none';
      frame.style.height = height + 'px';
      frame.contentWindow.postMessage({ outcrySized: true }, url.origin); // it needs no scroll bar
      stop();
    }
    function late() {
      frame.style.height = '0';
      if (filled()) return;
      standin = still(url, address(service, get, '.png'), title);
      place.appendChild(standin);
    }
    window.addEventListener('message', sized);
    if (slot) slot.addEventListener('slotchange', wait);
    place.appendChild(frame);
    wait();
    var stop = whenSeen(place.host || place, function () { if (timer !== null) timer = setTimeout(late, patience); }) || function () {};
    return function () {
      stop();
      clearTimeout(timer);
      timer = null;
      window.removeEventListener('message', sized);
      frame.remove();
      if (standin) standin.remove();
      if (slot) slot.removeEventListener('slotchange', wait);
    };
  }

  function define() {
    class OutcryChart extends HTMLElement {
      static get observedAttributes() { return names.concat('service', 'title'); }
      connectedCallback() { this.show(); }
      disconnectedCallback() { this.hide(); }
      attributeChangedCallback(name, old, value) {
        if (this.isConnected && this.shadowRoot && old !== value) this.show();
      }
      hide() {
        if (this.away) this.away();
        this.away = null;
      }
      show() {
        var self = this;
        var service = this.getAttribute('service');
        this.hide();
        if (!this.shadowRoot) {
          this.style.display = this.style.display || 'block';
          this.attachShadow({ mode: 'open' }).appendChild(document.createElement('slot'));
        }
        if (!service) {
          console.error('outcry-chart: the element needs service, such as service="whatsapp"');
          return;
        }
        this.away = put(this.shadowRoot, this.shadowRoot.querySelector('slot'), service, function (name) { return self.getAttribute(name); });
      }
    }
    customElements.define('outcry-chart', OutcryChart);
  }
  if (window.customElements && !customElements.get('outcry-chart')) define();

  var service = script.getAttribute('data-service');
  if (service) {
    var place = document.createElement('div');
    script.insertAdjacentElement('afterend', place);
    put(place, null, service, function (name) { return script.getAttribute('data-' + name); });
  } else if (Object.keys(script.dataset).length) {
    console.error('embed.js: the script element needs data-service, such as data-service="whatsapp"');
  }
})();

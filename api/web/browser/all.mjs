// The pages in a real browser, against the real program: make test-browser.
import './pages.mjs';
import './newsroom.mjs';
import './use.mjs';
import './live.mjs';

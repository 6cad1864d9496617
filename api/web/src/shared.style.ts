import { css } from 'lit';

/** What the parts of the page have in common: cards, headings, fields, buttons. */
export const shared = css`
  :host { display: block; min-width: 0; }
  :host([hidden]) { display: none; }
  .card { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.1rem 1.25rem; min-width: 0; box-sizing: border-box; }
  h1 { font-size: 1.35rem; line-height: 1.3; margin: 0; font-weight: 650; overflow-wrap: anywhere; }
  h1:focus { outline: none; }
  h2 { font-size: 1rem; margin: 0 0 0.5rem; font-weight: 600; }
  h2 small { margin-inline-start: 0.4rem; }
  ul.plain, ol.plain { list-style: none; margin: 0; padding: 0; }
  a { color: inherit; text-underline-offset: 0.15em; }
  a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, summary:focus-visible, textarea:focus-visible { outline: 2px solid var(--authors); outline-offset: 2px; }
  small, .muted { color: var(--muted); font-size: 0.85rem; font-weight: 400; }
  .none { color: var(--muted); margin: 0; font-size: 0.92rem; }
  .num { text-align: end; font-variant-numeric: tabular-nums; }
  .hidden { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  button, .button, select, input { font: inherit; font-size: 0.88rem; color: var(--text); background: transparent; border: 1px solid var(--field); border-radius: 7px; min-height: 2rem; box-sizing: border-box; }
  button, .button { padding: 0.25rem 0.75rem; cursor: pointer; display: inline-flex; align-items: center; gap: 0.35rem; text-decoration: none; white-space: nowrap; }
  button:hover, .button:hover { background: var(--page); }
  button:disabled { color: var(--muted); border-color: var(--line); cursor: default; background: transparent; }
  [aria-pressed='true'], [aria-current='true'].button { background: var(--text); color: var(--card); border-color: var(--text); }
  [aria-pressed='true']:hover, [aria-current='true'].button:hover { background: var(--text); }
  select, input { padding: 0.2rem 0.5rem; background: var(--card); max-width: 100%; min-width: 0; }
  select option, select optgroup { background: var(--card); color: var(--text); }
  label { font-size: 0.85rem; color: var(--muted); display: inline-grid; gap: 0.15rem; min-width: 0; }
  .row { display: flex; flex-wrap: wrap; gap: 0.5rem 0.8rem; align-items: end; }
  .between { justify-content: space-between; align-items: center; }
  .chips { display: flex; flex-wrap: wrap; gap: 0.35rem; }
  .chip { display: inline-flex; gap: 0.4rem; align-items: baseline; min-height: 1.6rem; padding: 0.05rem 0.65rem; border-radius: 999px; font-size: 0.85rem; line-height: 1.6rem; background: var(--page); border: 1px solid var(--line); text-decoration: none; max-width: 100%; box-sizing: border-box; overflow-wrap: anywhere; }
  a.chip:hover { border-color: var(--field); }
  .severity { color: var(--incident); font-weight: 600; }
  .severity.minor, .severity.over { color: var(--muted); }
  .banner { margin: 0 0 1rem; padding: 0.65rem 1rem; border-radius: var(--radius); background: var(--warn-bg); color: var(--warn-text); overflow-wrap: anywhere; }
  .banner.bad { background: var(--bad-bg); color: var(--bad-text); }
  .wait { min-height: 240px; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 0.6rem; text-align: center; color: var(--muted); }
  .wait p { margin: 0; max-width: 36rem; overflow-wrap: anywhere; }
  .wait h1 { color: var(--text); }
  .spark { width: 100%; height: 26px; overflow: visible; display: block; }
  .spark path { fill: none; stroke: var(--accent); stroke-width: 1.5; }
  @media (max-width: 700px) {
    .card { padding: 0.9rem; }
    h1 { font-size: 1.18rem; }
  }
`;

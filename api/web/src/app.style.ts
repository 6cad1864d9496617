import { css } from 'lit';

/** The frame of the page. */
export const appStyles = css`
  :host { max-width: 125rem; margin: 0 auto; padding: 0 1.25rem; }
  header { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1.2rem; padding: 0.9rem 0; }
  .skip { position: absolute; inset-block-start: -4rem; background: var(--card); z-index: 9; }
  .skip:focus { inset-block-start: 0.4rem; }
  .brand { display: flex; align-items: center; gap: 0.55rem; text-decoration: none; font-size: 1.15rem; }
  .brand svg { width: 28px; height: 28px; }
  .brand rect { fill: #b93815; }
  .brand path { fill: none; stroke: #fff; stroke-width: 2.6; stroke-linecap: round; stroke-linejoin: round; }
  nav { display: flex; gap: 0.2rem; }
  nav a { padding: 0.3rem 0.6rem; border-radius: 7px; text-decoration: none; font-size: 0.95rem; }
  nav a:hover { background: var(--card); }
  nav a[aria-current] { font-weight: 600; box-shadow: inset 0 -2px 0 var(--accent); border-radius: 0; }
  oc-find { flex: 1 1 18rem; max-width: 34rem; }
  .state { margin-inline-start: auto; font-size: 0.85rem; color: var(--muted); white-space: nowrap; font-variant-numeric: tabular-nums; min-height: 1.3em; }
  .state.on::before, .state.past::before, .state.off::before { content: ''; display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-inline-end: 0.45em; background: var(--good); }
  .state.past::before { background: #c98a00; }
  .state.off::before { background: #d13438; }
  main { min-height: 60vh; }
  main:focus { outline: none; }
  footer { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.4rem 1.5rem; padding: 1.2rem 0 2rem; font-size: 0.85rem; color: var(--muted); }
  footer p { margin: 0; }
  @media (max-width: 700px) {
    :host { padding: 0 0.75rem; }
    header { gap: 0.4rem 0.8rem; padding: 0.7rem 0; }
    nav a { padding: 0.3rem 0.4rem; }
    .state { font-size: 0.78rem; }
    oc-find { flex-basis: 100%; order: 5; }
  }
  @media (max-width: 420px) { .brand strong { display: none; } }
`;

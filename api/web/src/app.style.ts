import { css } from 'lit';

/** The frame of the page: two columns, one on narrow screens. */
export const appStyles = css`
  :host { display: block; max-width: 1320px; margin: 0 auto; padding: 0 1.25rem; }
  header { display: flex; align-items: center; gap: 0.9rem; padding: 1rem 0; }
  .brand { display: flex; align-items: center; gap: 0.55rem; color: inherit; text-decoration: none; font-size: 1.15rem; }
  .brand svg { width: 28px; height: 28px; }
  .brand rect { fill: #b93815; }
  .brand path { fill: none; stroke: #fff; stroke-width: 2.6; stroke-linecap: round; stroke-linejoin: round; }
  .claim { color: var(--muted); font-size: 0.9rem; }
  .state { margin-left: auto; font-size: 0.85rem; color: var(--muted); white-space: nowrap; font-variant-numeric: tabular-nums; }
  .state::before { content: ''; display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 0.45em; background: var(--good); }
  .state.past::before { background: #c98a00; }
  .state.off::before { background: #d13438; }
  .card { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.1rem 1.25rem; min-width: 0; box-sizing: border-box; }
  .layout { display: grid; grid-template-columns: 300px minmax(0, 1fr); gap: 1rem; align-items: start; }
  .main, aside { display: grid; gap: 1rem; min-width: 0; }
  .below { display: grid; grid-template-columns: minmax(0, 1fr) 300px; gap: 1rem; align-items: start; }
  .top { display: flex; flex-wrap: wrap; gap: 0.6rem 1rem; justify-content: space-between; align-items: center; }
  h1 { font-size: 1.3rem; line-height: 1.3; margin: 0; font-weight: 650; overflow-wrap: anywhere; }
  dl { display: flex; flex-wrap: wrap; gap: 0.6rem 2.4rem; margin: 0.9rem 0 1rem; }
  dt { font-size: 0.82rem; color: var(--muted); }
  dd { margin: 0; font-size: 1.6rem; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; }
  small { font-size: 0.85rem; font-weight: 400; color: var(--muted); }
  button { font: inherit; font-size: 0.85rem; padding: 0.3rem 0.75rem; color: var(--text); background: transparent; border: 1px solid var(--line); border-radius: 7px; cursor: pointer; }
  button:hover { background: var(--page); }
  button[aria-pressed='true'] { background: var(--text); color: var(--card); border-color: var(--text); }
  button:focus-visible, a:focus-visible { outline: 2px solid var(--authors); outline-offset: 2px; }
  .ranges { display: flex; gap: 0.3rem; }
  .banner { margin: 0 0 1rem; padding: 0.65rem 1rem; border-radius: var(--radius); background: var(--warn-bg); color: var(--warn-text); }
  .banner.bad { background: var(--bad-bg); color: var(--bad-text); }
  .wait { min-height: 260px; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 0.5rem; text-align: center; color: var(--muted); }
  .wait p { margin: 0; max-width: 36rem; }
  .wait h1 { color: var(--text); }
  .links { margin: 0.6rem 0 0; font-size: 0.82rem; color: var(--muted); display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; }
  .links a, footer a { color: inherit; }
  .hidden { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  footer { padding: 1.2rem 0 2rem; font-size: 0.82rem; color: var(--muted); }
  @media (max-width: 1100px) {
    .below { grid-template-columns: minmax(0, 1fr); }
    .below section:last-child { order: -1; }
  }
  @media (max-width: 860px) {
    :host { padding: 0 0.75rem; }
    .layout { grid-template-columns: minmax(0, 1fr); }
    .claim { display: none; }
    .card { padding: 0.9rem; }
    h1 { font-size: 1.15rem; }
    dl { display: grid; grid-template-columns: repeat(3, auto); justify-content: start; gap: 0.5rem 1.3rem; }
    dd { font-size: 1.3rem; }
    small { display: block; }
  }
`;

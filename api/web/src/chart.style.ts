import { css } from 'lit';

/** The key above the chart tells lines apart by colour, width and dashes. */
export const chartStyles = css`
  :host { display: block; min-width: 0; }
  .key { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; font-size: 0.85rem; color: var(--muted); min-height: 1.6em; }
  .key b { color: var(--text); font-variant-numeric: tabular-nums; font-weight: 600; }
  .key span::before { content: ''; display: inline-block; width: 14px; height: 3px; border-radius: 2px; margin-right: 0.45em; vertical-align: 0.25em; background: var(--accent); }
  .key .authors::before { background: var(--authors); height: 2px; }
  .key .before::before { background: repeating-linear-gradient(90deg, var(--before) 0 5px, transparent 5px 8px); height: 2px; border-radius: 0; }
  .key .usual::before { background: var(--usual); border-top: 1px solid var(--usual-edge); box-sizing: border-box; height: 0.6em; border-radius: 0; vertical-align: 0; }
  .key .incident::before { background: var(--incident-band); border-left: 1px solid var(--incident); box-sizing: border-box; height: 0.8em; border-radius: 0; vertical-align: -0.05em; }
  .key .deaf::before { background: repeating-linear-gradient(135deg, var(--deaf) 0 1px, transparent 1px 4px); height: 0.8em; border-radius: 0; vertical-align: -0.05em; }
  .key .when::before { display: none; }
  .plot { height: 320px; outline-offset: 2px; border-radius: 4px; }
  .plot:focus-visible { outline: 2px solid var(--authors); }
  .spoken { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .u-over { cursor: crosshair; }
  .u-select { background: var(--usual); }
  .u-hz .u-cursor-x { border-right: 1px solid var(--muted); }
  @media (min-width: 1800px) { .plot { height: 440px; } }
  @media (max-width: 560px) { .plot { height: 240px; } .key { font-size: 0.8rem; } }
`;

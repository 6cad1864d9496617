import { css } from 'lit';

/** The page of a service: the curve above, evidence beside what it is made of. */
export const serviceStyles = css`
  :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
  .banner { margin: 0; }
  .about { margin: 0.1rem 0 0; }
  dl { display: flex; flex-wrap: wrap; gap: 0.6rem 2.4rem; margin: 0.9rem 0 1rem; }
  dt { font-size: 0.82rem; color: var(--muted); }
  dd { margin: 0; font-size: 1.6rem; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; }
  .below { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 22rem); gap: 1rem; align-items: start; }
  .side { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
  @media (min-width: 1700px) {
    .below { grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); }
    .side { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  }
  @media (max-width: 1000px) {
    .below { grid-template-columns: minmax(0, 1fr); }
    .side { order: -1; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); }
  }
  @media (max-width: 560px) {
    dl { display: grid; grid-template-columns: repeat(3, auto); justify-content: start; gap: 0.5rem 1.2rem; }
    dd { font-size: 1.25rem; }
    dd small { display: block; }
  }
`;

{
  // The look: one set of custom properties on the document, inherited through every shadow root.
  const standin = window.polarisStandIn;

  const tokens = `
    :root {
      --ink: #1b2320; --ink-soft: #56615c; --ink-faint: #6b756f; --line: #dfe3de; --line-strong: #b9c1ba;
      --ground: #f5f6f3; --card: #ffffff; --sunken: #f2f4f0; --hover: #ecefe9;
      --accent: #14594a; --accent-hover: #0e4539; --accent-soft: #e1efe9;
      --info: #1c4f82; --info-soft: #e6f0fa; --success: #125c3a; --success-soft: #dff2e6;
      --warning: #6f4700; --warning-soft: #fdf0d3; --critical: #a11a1f; --critical-soft: #fdebe9;
      --neutral-soft: #eaede8; --radius: 8px; --radius-large: 12px;
      --shadow: 0 1px 2px rgb(27 35 32 / 6%), 0 1px 1px rgb(27 35 32 / 4%);
      --shadow-over: 0 12px 32px rgb(27 35 32 / 18%), 0 2px 6px rgb(27 35 32 / 10%);
      --control: 34px; --type: 14px;
      --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
    }
    @media (pointer: coarse), (max-width: 560px) { :root { --control: 42px; --type: 16px; } }
    html { background: var(--ground); -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: break-word;
      font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
      -webkit-font-smoothing: antialiased;
    }
    @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }`;

  /** Shared by every shadow root. */
  standin.base = standin.sheet(`
    :host { box-sizing: border-box; } :host([hidden]) { display: none !important; }
    *, *::before, *::after { box-sizing: border-box; }
    button, input, select, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
    :focus { outline: none; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    svg { display: block; flex: none; }
    @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }`);

  // `s-*` elements that live in the light DOM get their style here.
  const light = `
    s-stack { display: flex; flex-direction: column; min-width: 0; }
    s-stack[direction=inline] { flex-direction: row; flex-wrap: wrap; align-items: center; }
    s-grid { display: grid; min-width: 0; } s-grid-item, s-box, s-query-container { display: block; min-width: 0; }
    s-box, s-stack, s-grid, s-grid-item { box-sizing: border-box; }
    s-heading { display: block; font-weight: 620; font-size: 14px; line-height: 1.35; letter-spacing: -0.005em; }
    s-paragraph { display: block; max-width: 72ch; } s-text { display: inline; }
    s-paragraph[color=subdued], s-text[color=subdued] { color: var(--ink-soft); }
    s-text[type=strong] { font-weight: 620; } s-text[type=address] { font-style: normal; } s-text[type=redundant] { text-decoration: line-through; }
    s-text[fontweight=bold], s-paragraph[fontweight=bold] { font-weight: 680; }
    s-text[fontweight=semibold], s-paragraph[fontweight=semibold] { font-weight: 620; }
    s-text[fontweight=medium], s-paragraph[fontweight=medium] { font-weight: 540; }
    s-text[fontvariantnumeric=tabular-nums], s-paragraph[fontvariantnumeric=tabular-nums] { font-variant-numeric: tabular-nums; }
    :is(s-text, s-paragraph)[fontsize^=small] { font-size: 13px; } :is(s-text, s-paragraph)[fontsize=large] { font-size: 16px; }
    :is(s-text, s-paragraph)[fontsize=large-100] { font-size: 18px; }
    s-heading[fontsize=small] { font-size: 13px; } s-heading[fontsize=large] { font-size: 17px; }
    s-heading[fontsize=large-100] { font-size: 20px; } s-heading[fontsize=large-200] { font-size: 24px; letter-spacing: -0.015em; }
    s-heading[fontsize=large-300] { font-size: 28px; letter-spacing: -0.02em; } s-heading[fontsize=large-400] { font-size: 34px; letter-spacing: -0.025em; line-height: 1.2; }
    :is(s-text, s-paragraph, s-icon)[tone=critical] { color: var(--critical); } :is(s-text, s-paragraph, s-icon)[tone=success] { color: var(--success); }
    :is(s-text, s-paragraph, s-icon)[tone=warning], :is(s-text, s-paragraph, s-icon)[tone=caution] { color: var(--warning); }
    :is(s-text, s-paragraph, s-icon)[tone=info] { color: var(--info); } s-icon[color=subdued] { color: var(--ink-faint); }
    s-divider { display: block; align-self: stretch; border-top: 1px solid var(--line); }
    s-divider[direction=block] { border-top: 0; border-inline-start: 1px solid var(--line); }
    s-divider[color=strong] { border-color: var(--line-strong); }
    s-unordered-list, s-ordered-list { display: block; padding-inline-start: 1.35em; }
    s-list-item { display: list-item; list-style: disc; margin-block: 4px; } s-ordered-list > s-list-item { list-style: decimal; }
    s-list-item::marker { color: var(--ink-faint); }
    :is(s-box, s-stack, s-grid, s-grid-item)[background=subdued] { background: var(--sunken); }
    :is(s-box, s-stack, s-grid, s-grid-item)[background=base] { background: var(--card); }
    :is(s-box, s-stack, s-grid, s-grid-item)[background=strong] { background: var(--neutral-soft); }
    [display=none]:is(s-box, s-stack, s-grid, s-grid-item) { display: none; }
    [accessibilityvisibility=exclusive]:is(s-text, s-paragraph, s-heading, s-box, s-stack, s-grid, s-grid-item) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    s-option, s-option-group, s-choice { display: none; }
    s-tooltip { position: fixed; margin: 0; inset: auto; border: 0; padding: 6px 10px; border-radius: 6px; max-width: 260px; background: var(--ink); color: #fff; font-size: 13px; box-shadow: var(--shadow-over); }
    :is(s-box, s-stack, s-grid, s-grid-item, s-modal, s-popover, s-banner, s-badge, s-tooltip)[hidden] { display: none; }`;

  standin.documentSheets ??= [standin.sheet(tokens + light)];
  if (!document.adoptedStyleSheets.includes(standin.documentSheets[0])) {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...standin.documentSheets];
  }
  /** Adds a part of the document's style sheet once. */
  standin.documentStyle = (key, css) => {
    if (standin.documentSheets[key]) return;
    standin.documentSheets[key] = standin.sheet(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, standin.documentSheets[key]];
  };
}

namespace Chard.Functions.Reports.Html;

/// <summary>
/// The style sheet of a report. It holds no character that markup would escape (no double quote, no child selector), because in
/// HTML the content of a style element is taken as it stands.
/// </summary>
internal static class ReportStyle
{
    public const string Css = """

        :root {
          --page: #f5f6f9; --card: #ffffff; --ink: #18202c; --soft: #5a6678; --rule: #e3e7ee; --grid: #eceff4; --axis: #b9c2d0;
          --histogram: #4f5bd5; --values: #0c8577; --timeline: #c2570c; --overview: #5a6678; --rest: #a8b2c1; --shadow: 0 1px 2px rgb(24 32 44 / 6%), 0 4px 16px rgb(24 32 44 / 4%);
          color-scheme: light dark;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #0f131a; --card: #171d27; --ink: #e8edf5; --soft: #9aa7ba; --rule: #283141; --grid: #222b39; --axis: #465267;
            --histogram: #8f9bff; --values: #3cc4b0; --timeline: #f59e56; --overview: #9aa7ba; --rest: #566379; --shadow: none;
          }
        }
        *, *::before, *::after { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth; }
        body {
          margin: 0 auto; padding: 40px 24px 32px; max-width: 1240px; background: var(--page); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif; font-variant-numeric: tabular-nums;
        }
        h1, h2, p, dl, dd, ul { margin: 0; }
        h1 { font-size: clamp(26px, 4vw, 36px); line-height: 1.15; letter-spacing: -0.02em; font-weight: 700; overflow-wrap: anywhere; text-wrap: balance; }
        h2 { font-size: 17px; line-height: 1.3; letter-spacing: -0.01em; font-weight: 650; overflow-wrap: anywhere; }
        .eyebrow { color: var(--soft); font-size: 12px; font-weight: 600; letter-spacing: 0.08em; text-transform: uppercase; margin-bottom: 6px; }
        .meta { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 12px; color: var(--soft); font-size: 14px; }
        .meta strong { color: var(--ink); font-weight: 600; }
        code { font: 13px/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 16px; margin-top: 28px; }
        .figure, .card, .notice { background: var(--card); border: 1px solid var(--rule); border-radius: 14px; box-shadow: var(--shadow); }
        .figure { display: flex; flex-direction: column; padding: 16px 20px; min-width: 0; }
        .figure .name { color: var(--soft); font-size: 13px; }
        .figure .big { font-size: 28px; line-height: 1.25; font-weight: 680; letter-spacing: -0.02em; }
        .figure .more { color: var(--soft); font-size: 13px; }
        nav { margin-top: 24px; }
        nav ul { display: flex; flex-wrap: wrap; gap: 8px; padding: 0; list-style: none; }
        nav li { min-width: 0; max-width: 100%; }
        nav a {
          display: block; max-width: 240px; padding: 4px 12px; border: 1px solid var(--rule); border-radius: 99px; background: var(--card); color: var(--ink); font-size: 13px; text-decoration: none;
          overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
        }
        nav a::before { content: ''; display: inline-block; width: 8px; height: 8px; margin-right: 8px; border-radius: 99px; background: var(--kind); }
        nav a:hover, nav a:focus-visible { border-color: var(--kind); }
        main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; margin-top: 24px; }
        .notice { padding: 14px 20px; color: var(--soft); }
        .card { padding: 22px 24px; min-width: 0; container-type: inline-size; scroll-margin-top: 16px; }
        .card header { margin-bottom: 14px; }
        .about, .note { color: var(--soft); font-size: 13px; }
        .histogram { --kind: var(--histogram); } .values { --kind: var(--values); } .timeline { --kind: var(--timeline); } .overview { --kind: var(--overview); }
        .facts { display: flex; flex-wrap: wrap; gap: 8px 28px; margin-bottom: 16px; }
        .facts dt { color: var(--soft); font-size: 12px; }
        .facts dd { font-size: 16px; font-weight: 600; overflow-wrap: anywhere; }
        .chart svg { display: block; width: 100%; height: auto; max-width: 720px; overflow: visible; }
        .chart .narrow { display: none; }
        @container (max-width: 459px) { .chart .wide { display: none; } .chart .narrow { display: block; } }
        svg text { font-size: 12px; fill: var(--soft); }
        svg .mid { text-anchor: middle; } svg .end { text-anchor: end; } svg .name { fill: var(--ink); }
        svg .value { fill: var(--soft); paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
        svg .grid { stroke: var(--grid); } svg .axis { stroke: var(--axis); }
        svg .bar { fill: var(--kind); } svg .rest { fill: var(--rest); } svg .bar:hover { opacity: 0.8; }
        svg .area { fill: var(--kind); opacity: 0.14; }
        svg .line { fill: none; stroke: var(--kind); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        svg .point rect { fill: transparent; } svg .point circle { fill: var(--kind); opacity: 0; } svg .point:hover circle { opacity: 1; }
        .scroll { overflow-x: auto; margin: 0 -24px; padding: 0 24px; }
        table { width: 100%; border-collapse: collapse; font-size: 14px; }
        th, td { padding: 9px 16px 9px 0; text-align: left; border-top: 1px solid var(--grid); vertical-align: middle; }
        thead th { border-top: 0; padding-top: 0; color: var(--soft); font-size: 12px; font-weight: 500; white-space: nowrap; }
        tbody th { font-weight: 600; overflow-wrap: anywhere; min-width: 96px; }
        tr th:last-child, tr td:last-child { padding-right: 0; }
        .num { text-align: right; } td.num, .pct { white-space: nowrap; }
        .hint { display: inline-block; margin-right: 10px; padding: 0 8px; border-radius: 99px; background: var(--grid); color: var(--soft); font-size: 12px; }
        .type { --kind: var(--overview); white-space: nowrap; }
        .type::before { content: ''; display: inline-block; width: 8px; height: 8px; margin-right: 8px; border-radius: 3px; background: var(--kind); }
        .type.integer, .type.number { --kind: var(--histogram); } .type.text { --kind: var(--values); } .type.date { --kind: var(--timeline); }
        .meter { display: inline-block; width: 120px; height: 6px; margin-right: 12px; border-radius: 99px; background: var(--grid); vertical-align: middle; overflow: hidden; }
        .meter span { display: block; height: 100%; border-radius: 99px; background: var(--overview); }
        footer { margin-top: 28px; color: var(--soft); font-size: 13px; }
        @media (min-width: 1120px) {
          main { grid-template-columns: repeat(2, minmax(0, 1fr)); }
          .card.overview, .notice { grid-column: 1 / -1; }
        }
        @media (max-width: 559px) {
          body { padding: 24px 16px; } .figures { gap: 10px; } .figure { padding: 12px 14px; } .figure .big { font-size: 23px; } .card { padding: 18px 16px; }
          .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); } .figure:first-child { grid-column: 1 / -1; }
          .scroll { margin: 0 -16px; padding: 0 16px; } .meter { display: none; } .hint { display: none; } .facts { gap: 8px 20px; }
        }
        @media print {
          :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --rule: #ccc; --grid: #e5e5e5; --axis: #999; --shadow: none; --histogram: #4f5bd5; --values: #0c8577; --timeline: #c2570c; --rest: #a8b2c1; }
          body { padding: 0; max-width: none; print-color-adjust: exact; -webkit-print-color-adjust: exact; } nav { display: none; }
          .card, .figure { break-inside: avoid; box-shadow: none; } .card.overview { break-inside: auto; }
        }

        """;
}

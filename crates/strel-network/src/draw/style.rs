//! The looks of a picture, for light and dark pages.

pub(super) const STYLE: &str = "\
.strel text { font: 13px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #57606a; }
.strel .title { font-size: 14px; font-weight: 600; fill: #24292f; text-anchor: middle; }
.strel .caption { text-anchor: middle; }
.strel .digit { font-size: 17px; font-weight: 600; fill: #24292f; text-anchor: middle; }
.strel path, .strel circle, .strel rect { fill: none; stroke-linecap: round; stroke-linejoin: round; }
.strel .page { fill: #ffffff; stroke: #d0d7de; }
.strel .wire { stroke: #8c959f; stroke-width: 1.5; }
.strel .channel { fill: #8c959f; }
.strel .block { fill: #f6f8fa; stroke: #8c959f; stroke-width: 2; }
.strel .activated { fill: #f3f8ff; stroke: #0969da; stroke-width: 2; }
.strel .lossless { fill: #f0faf3; stroke: #1a7f37; stroke-width: 2; }
.strel .approximate { fill: #fff6ed; stroke: #bc4c00; stroke-width: 2; stroke-dasharray: 5 4; }
.strel .inner { stroke: #1a7f37; stroke-width: 1; }
.strel .badge { fill: #ffffff; stroke: #57606a; stroke-width: 1.5; }
.strel .letter { font-size: 11px; font-weight: 600; text-anchor: middle; }
.strel .bubble-activated { fill: #ffffff; stroke: #0969da; stroke-width: 2; }
.strel .bubble-lossless { fill: #ffffff; stroke: #1a7f37; stroke-width: 2; }
.strel .bubble-approximate { fill: #ffffff; stroke: #bc4c00; stroke-width: 2; }
.strel .symbol { stroke: #24292f; stroke-width: 2; }
.strel .outside { fill: #dfe5eb; }
.strel .inside { fill: #24292f; }
.strel .negative { fill: #bc4c00; }
.strel .origin { fill: #e8368f; stroke: #ffffff; stroke-width: 1; }
@media (prefers-color-scheme: dark) {
.strel text { fill: #9198a1; }
.strel .title, .strel .digit { fill: #f0f6fc; }
.strel .page { fill: #0d1117; stroke: #3d444d; }
.strel .wire { stroke: #656c76; }
.strel .channel { fill: #656c76; }
.strel .block { fill: #151b23; stroke: #656c76; }
.strel .activated { fill: #121d2f; stroke: #4493f8; }
.strel .lossless { fill: #12261e; stroke: #3fb950; }
.strel .approximate { fill: #271a0f; stroke: #f0883e; }
.strel .inner { stroke: #3fb950; }
.strel .badge { fill: #0d1117; stroke: #9198a1; }
.strel .bubble-activated { fill: #0d1117; stroke: #4493f8; }
.strel .bubble-lossless { fill: #0d1117; stroke: #3fb950; }
.strel .bubble-approximate { fill: #0d1117; stroke: #f0883e; }
.strel .symbol { stroke: #f0f6fc; }
.strel .outside { fill: #2f3742; }
.strel .inside { fill: #f0f6fc; }
.strel .negative { fill: #f0883e; }
.strel .origin { stroke: #0d1117; }
}
";

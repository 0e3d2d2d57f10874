"""The page that shows what the demo did, in order: screens, slips, and what headquarters has stored."""

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Shot:
    """One picture of the story: the file beside the page, and what is happening in it."""

    file: str
    says: str


@dataclass(frozen=True)
class Chapter:
    """One crossing: its title and its pictures in order."""

    title: str
    shots: tuple[Shot, ...]


STYLE = """
:root{--ink:#0B1F33;--quiet:#44566C;--ground:#F0F4F8;--primary:#0A4A8F;--deep:#06305F;--line:#D5DEE7}
*{box-sizing:border-box}body{margin:0;font:17px/1.5 "Noto Sans",system-ui,sans-serif;color:var(--ink);background:var(--ground)}
header{background:var(--deep);color:#fff;padding:28px 40px}header h1{margin:0;font-size:34px}header p{margin:6px 0 0;max-width:60em}
main{padding:24px 40px 60px}h2{font-size:26px;margin:40px 0 6px}section>p{color:var(--quiet);margin:0 0 14px}
.shots{display:flex;flex-wrap:wrap;gap:18px}figure{margin:0;width:300px}
figure{background:#fff;border:1px solid var(--line);border-radius:10px;overflow:hidden}
figure.wide{width:420px}figure img{display:block;width:100%;height:auto}figcaption{padding:8px 12px;font-size:15px;color:var(--quiet)}
figcaption b{color:var(--primary);margin-right:.5em}
pre{background:#fff;border:1px solid var(--line);border-radius:10px;padding:16px;overflow:auto;font-size:14px;line-height:1.45}
.sum{display:flex;gap:14px;flex-wrap:wrap;margin-top:18px}
.sum div{background:#fff;border-radius:10px;padding:12px 18px;border:1px solid var(--line)}
.sum b{display:block;font-size:28px}
"""


def write_page(folder: Path, chapters: Sequence[Chapter], records: Sequence[dict[str, Any]], figures: dict[str, str]) -> Path:
    """Write `index.html` into the folder. The records are shown as headquarters' opener gave them: synthetic people only."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>Mpaka: the demo</title><style>{STYLE}</style>",
        "<header><h1>Mpaka: one post, played from end to end</h1><p>Every picture below was drawn by the program itself while "
        "simulated devices spoke their real bytes; every record was sealed at the lane, sent, stored and acknowledged, then opened with the demo's own key. "
        "All people are synthetic, all documents are Utopian.</p></header><main>",
        "<div class=sum>"
        + "".join(f"<div><b>{html.escape(value)}</b>{html.escape(name)}</div>" for name, value in figures.items())
        + "</div>",
    ]
    parts += [_chapter(chapter) for chapter in chapters]
    parts.append("<section><h2>What headquarters can read</h2><p>Opened as a step apart, with a key that the receiver does not hold.</p>")
    parts += [f"<pre>{html.escape(json.dumps(record, indent=2, ensure_ascii=False, default=str))}</pre>" for record in records]
    parts.append("</section></main></html>")
    page = folder / "index.html"
    page.write_text("\n".join(parts), encoding="utf-8")
    return page


def _chapter(chapter: Chapter) -> str:
    figures = "".join(_figure(number, shot) for number, shot in enumerate(chapter.shots, 1))
    return f"<section><h2>{html.escape(chapter.title)}</h2><div class=shots>{figures}</div></section>"


def _figure(number: int, shot: Shot) -> str:
    file, wide = html.escape(shot.file), " class=wide" if "officer" in shot.file else ""
    picture = f"<a href='{file}'><img loading=lazy src='{file}' alt=''></a>"
    return f"<figure{wide}>{picture}<figcaption><b>{number}</b>{html.escape(shot.says)}</figcaption></figure>"

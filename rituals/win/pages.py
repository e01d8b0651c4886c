"""A case study as Markdown and as a page of its own: to read on a phone, to print, and with nothing in it that runs."""

from __future__ import annotations

import re

from jinja2 import Environment, StrictUndefined

from rituals.win.study import Study, Told

# What means something to a Markdown reader anywhere in a line, and what only at its beginning.
_ANYWHERE = re.compile(r"([\\`*_\[\]<>|~&])")
_AT_START = re.compile(r"^([-+=#]|[0-9]+(?=[.)]))", re.MULTILINE)


def escape(words: str) -> str:
    """Write somebody's words so that a Markdown reader shows them letter for letter, line for line."""
    marked = "\n".join(line.strip() for line in _ANYWHERE.sub(r"\\\1", words).split("\n"))
    safe = _AT_START.sub(_mark_start, marked)
    return re.sub(r"(?<!\n)\n(?!\n)", r"\\\n", safe)


def _mark_start(found: re.Match[str]) -> str:
    mark = found[1]
    return f"&#{ord(mark[0])};{mark[1:]}" if mark[0].isdigit() else f"\\{mark}"


def _item(words: str) -> str:
    """Write words as one item of a list."""
    return "- " + escape(re.sub(r"\n+", "\n", words)).replace("\n", "\n  ")


def _quoted(words: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in escape(words).split("\n"))


def _told(win: Told) -> str:
    proof = [f"[{escape(words)}](<{url}>)" if url else escape(words) for words, url in win.proof]
    thanked = f" Made it happen: {escape(win.by)}." if win.by else ""
    shown = f"Evidence: {' '.join(proof)}." if proof else f"*{CLAIM}*"
    return "\\\n  ".join([_item(win.what), shown, f"{win.day}.{thanked}"])


def as_markdown(study: Study) -> str:
    """Write a case study as Markdown."""
    parts = [f"# {escape(study.movement)}", f"The story of a movement, {study.since} to {study.day}."]
    for title, words in study.story:
        parts += [f"## {title}", escape(words)]
    if study.mission:
        parts += ["## Our mission", _quoted(study.mission)]
    if study.tried:
        parts += ["## What we tried"]
        parts.append(
            "\n".join(
                f"- **{escape(one.name)}**: {escape(one.about)} {one.held}.{f' {one.came}.' if one.came else ''}"
                for one in study.tried
            )
        )
    for title, intro, wins in _sections(study):
        parts += [f"## {title}", *([intro] if intro else []), "\n".join(map(_told, wins))]
    if study.figures:
        parts += ["## Who turned up", "\n".join(f"- {name}: {figure}." for name, figure in study.figures)]
    if study.learned:
        parts += ["## What we learned and did", LEARNED, "\n".join(map(_item, study.learned))]
    parts += ["---", _footer(study)]
    return "\n\n".join(parts) + "\n"


LEARNED = "Promised when we looked back, and done:"
CLAIMED = "Reported without a link or a number, so take them as claims."
CLAIM = "A claim: no link or number."
NAMED = (
    "Under 'Made it happen' stand only members who agreed. In people's words 'a member' stands for the others' names, "
    "as far as they were recognised; nicknames and the addresses of links are as people wrote them."
)


def _sections(study: Study) -> list[tuple[str, str, list[Told]]]:
    told = (
        ("What changed", "", study.outcomes),
        ("What else is claimed", CLAIMED, study.claims),
        ("What people put in", "", study.efforts),
    )
    return [(title, intro, list(wins)) for title, intro, wins in told if wins]


def _footer(study: Study) -> str:
    left_out = f" {_earlier(study.left_out)} left out for length." if study.left_out else ""
    return (
        f"Written by Drumbeat on {study.day} from the movement's own records. Wins are told by members; those under "
        f"'What changed' came with a link or a number. {NAMED}{left_out}"
    )


def _earlier(count: int) -> str:
    return "One earlier win is" if count == 1 else f"{count} earlier wins are"


def as_page(study: Study) -> str:
    """Write a case study as one page of HTML that needs nothing from anywhere."""
    return _PAGE.render(study=study, sections=_sections(study), learned=LEARNED, footer=_footer(study), claim=CLAIM)


_HTML = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{{ study.movement }}: the story so far</title>
<style>
:root { --paper: #fdfcf9; --ink: #1f2421; --soft: #59615c; --line: #dcd9cf; --mark: #1d6b4f; --wash: #f1efe6; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161a18; --ink: #e9ebe6; --soft: #a6aea9; --line: #39403c; --mark: #7fd1ae; --wash: #1f2522; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1.0625rem/1.6 Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif; }
main { max-width: 40rem; margin: 0 auto; padding: 3.5rem 1.25rem 4rem; }
h1, h2, .when, .held, .proof, footer, dt, dd {
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { font-size: clamp(1.9rem, 7vw, 2.75rem); line-height: 1.12; margin: 0 0 .5rem; letter-spacing: -.02em; }
.span { color: var(--soft); margin: 0 0 2.5rem; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.75rem 0 .75rem; }
p { margin: 0 0 1rem; }
.words { white-space: pre-line; }
blockquote { margin: 0; padding: .25rem 0 .25rem 1.1rem; border-left: 3px solid var(--mark); font-size: 1.15rem; }
ul { list-style: none; margin: 0; padding: 0; }
li { padding: .85rem 0; border-top: 1px solid var(--line); }
li:last-child { border-bottom: 1px solid var(--line); }
li > :last-child { margin-bottom: 0; }
li p { margin: 0 0 .25rem; }
.proof { font-size: .9375rem; }
.when, .held { color: var(--soft); font-size: .875rem; }
a { color: var(--mark); text-underline-offset: .15em; }
a:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
dl { margin: 0; display: grid; gap: .75rem; }
dl > div { background: var(--wash); border-radius: .5rem; padding: .8rem 1rem; }
dt { color: var(--soft); font-size: .875rem; }
dd { margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft);
  font-size: .875rem; }
@media (min-width: 34rem) { dl { grid-template-columns: 1fr 1fr; } }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --mark: #000; --wash: #fff; }
  @page { margin: 2cm; }
  html { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  h2 { break-after: avoid; }
  li, dl > div, blockquote { break-inside: avoid; }
  dl > div { border: 1px solid var(--line); }
  a[href] { font-size: 0; text-decoration: none; }
  a[href]::after { content: attr(href); font-size: .9375rem; }
}
</style>
</head>
<body>
<main>
<h1>{{ study.movement }}</h1>
<p class="span">The story of a movement, {{ study.since }} to {{ study.day }}</p>
{%- for title, words in study.story %}
<h2>{{ title }}</h2>
<p class="words">{{ words }}</p>
{%- endfor %}
{%- if study.mission %}
<h2>Our mission</h2>
<blockquote class="words">{{ study.mission }}</blockquote>
{%- endif %}
{%- if study.tried %}
<h2>What we tried</h2>
<ul>
{%- for one in study.tried %}
<li><p><strong>{{ one.name }}</strong>: {{ one.about }}</p>
<p class="held">{{ one.held }}.{% if one.came %} {{ one.came }}.{% endif %}</p></li>
{%- endfor %}
</ul>
{%- endif %}
{%- for title, intro, wins in sections %}
<h2>{{ title }}</h2>
{%- if intro %}
<p>{{ intro }}</p>
{%- endif %}
<ul>
{%- for win in wins %}
<li><p class="words">{{ win.what }}</p>
{%- if win.proof %}
<p class="proof">Evidence:
{%- for words, url in win.proof %} {% if url %}<a href="{{ url }}" \
rel="noopener noreferrer nofollow">{{ words }}</a>{% else %}{{ words }}{% endif %}{% endfor %}</p>
{%- else %}
<p class="proof"><em>{{ claim }}</em></p>
{%- endif %}
<p class="when">{{ win.day }}{% if win.by %} · Made it happen: {{ win.by }}{% endif %}</p></li>
{%- endfor %}
</ul>
{%- endfor %}
{%- if study.figures %}
<h2>Who turned up</h2>
<dl>
{%- for name, figure in study.figures %}
<div><dt>{{ name }}</dt><dd>{{ figure }}</dd></div>
{%- endfor %}
</dl>
{%- endif %}
{%- if study.learned %}
<h2>What we learned and did</h2>
<p>{{ learned }}</p>
<ul>
{%- for words in study.learned %}
<li><p class="words">{{ words }}</p></li>
{%- endfor %}
</ul>
{%- endif %}
<footer>{{ footer }}</footer>
</main>
</body>
</html>
"""
_PAGE = Environment(autoescape=True, undefined=StrictUndefined).from_string(_HTML)

"""Draws the pictures of the docs: ``python docs/images/draw.py [FOLDER]`` writes them beside this file or to FOLDER.

Plain SVG without outside fonts or files, on a light ground, so that they can be read anywhere. The figures are those of
the pages they stand on; a test compares the pictures with what this script draws.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

INK, SOFT, LINE, GROUND = "#1f2a37", "#5b6b7d", "#c9d2dc", "#fbfaf6"
BLUE, GREEN, AMBER, RED, PALE = "#2f6db5", "#3c8d5f", "#d98a1f", "#b8443c", "#dbe7f4"
FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, 'Noto Sans', sans-serif"
WIDTH = 720

Shapes = list[str]


def text(
    x: float, y: float, words: str, *, size: int = 15, color: str = INK, anchor: str = "start", bold: bool = False
) -> str:
    """Return words with their base line at y."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{color}" text-anchor="{anchor}"{weight}>'
        f"{escape(words)}</text>"
    )


def box(x: float, y: float, width: float, height: float, fill: str, edge: str = "none", radius: float = 4) -> str:
    """Return a rectangle."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" fill="{fill}" '
        f'stroke="{edge}" stroke-width="1.5"/>'
    )


def line(points: Sequence[tuple[float, float]], color: str = SOFT, width: float = 1.5, dash: str = "") -> str:
    """Return a line through points."""
    way = " ".join(f"{x:g},{y:g}" for x, y in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{way}" fill="none" stroke="{color}" stroke-width="{width:g}"{dashes}/>'


def arrow(start: tuple[float, float], end: tuple[float, float], color: str = SOFT) -> str:
    """Return a line with a head at its end."""
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    sides = [(end[0] - 8 * math.cos(angle + turn), end[1] - 8 * math.sin(angle + turn)) for turn in (0.45, -0.45)]
    head = " ".join(f"{x:.1f},{y:.1f}" for x, y in [end, *sides])
    return line([start, end], color) + f'<polygon points="{head}" fill="{color}"/>'


def card(x: float, y: float, width: float, words: Sequence[str], *, strong: bool = False) -> str:
    """Return a box with a name and a number under it."""
    fill, edge = (PALE, BLUE) if strong else ("#ffffff", LINE)
    middle = x + width / 2
    return "".join(
        [
            box(x, y, width, 52, fill, edge, 6),
            text(middle, y + 21, words[0], size=14, color=SOFT, anchor="middle"),
            text(middle, y + 42, words[1], size=16, anchor="middle", bold=strong),
        ]
    )


def picture(height: int, title: str, shapes: Sequence[str]) -> str:
    """Return the whole SVG on its light ground."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(title)}" font-family="{FONT}">\n<title>{escape(title)}</title>\n'
        + box(0.75, 0.75, WIDTH - 1.5, height - 1.5, GROUND, LINE, 10)
        + "\n"
        + "\n".join(shapes)
        + "\n</svg>\n"
    )


def draw_overview() -> str:
    """Draw one number on its way down: units, people, days (the sample company, `make demo`)."""
    shapes: Shapes = [card(235, 16, 250, ["target 2027, CNY", "7,080,000.00"], strong=True)]
    regions = [(130, ["R1 山东大区", "3,583,002.25"]), (410, ["R2 East Region", "3,496,997.75"])]
    offices = [
        (20, ["R1 itself", "455,375.94"]),
        (190, ["R11 济南分公司", "1,962,679.53"]),
        (360, ["R12 Qingdao", "1,164,946.78"]),
    ]
    people = [
        (20, ["P01 吴建国", "841,020.46"]),
        (190, ["P02 Elena Ibáñez", "273,194.88"]),
        (360, ["P03 吴军", "848,464.19"]),
    ]
    dates = [
        (20, ["first quarter", "240,020.72"]),
        (190, ["March", "69,876.50"]),
        (360, ["1 to 7 March", "15,468.85"]),
        (530, ["Monday 1 March", "2,667.05"]),
    ]
    for x, words in regions:
        shapes += [arrow((360, 68), (x + 90, 98)), card(x, 100, 180, words, strong=x == 130)]
    for x, words in offices:
        shapes += [arrow((220, 152), (x + 80, 182)), card(x, 184, 160, words, strong=x == 190)]
    for x, words in people:
        shapes += [arrow((270, 236), (x + 80, 266)), card(x, 268, 160, words, strong=x == 360)]
    for x, words in dates:
        shapes += [arrow((440, 320), (x + 80, 350)), card(x, 352, 160, words, strong=x == 530)]
    shapes += [
        text(700, 131, "regions", size=15, color=SOFT, anchor="end"),
        text(700, 215, "offices", size=15, color=SOFT, anchor="end"),
        text(700, 299, "people", size=15, color=SOFT, anchor="end"),
        text(
            360,
            430,
            "Every level adds up to the cent; each day is made up of customers and products.",
            size=15,
            color=SOFT,
            anchor="middle",
        ),
    ]
    return picture(446, "One number on its way down to regions, offices, people and days", shapes)


def draw_across() -> str:
    """Draw how two bases mix into shares (examples/tiny, Cork)."""
    shapes: Shapes = [text(20, 34, "Cork: 52,800.00 to split over two people", bold=True, size=17)]
    bars = [("history", 0.75, "75 %", "25 %"), ("potential", 0.5, "50 %", "50 %"), ("0.6 : 0.4", 0.65, "65 %", "35 %")]
    for k, (name, part, left, right) in enumerate(bars):
        y = 58 + 62 * k + (14 if k == 2 else 0)
        shapes += [
            text(20, y + 27, name, bold=k == 2),
            box(130, y, 560 * part, 42, BLUE if k == 2 else "#8fb3da", radius=2),
            box(130 + 560 * part, y, 560 * (1 - part), 42, AMBER if k == 2 else "#ecc68d", radius=2),
        ]
        white = "#ffffff" if k == 2 else INK
        words = (f"Ann {left}", f"Ben {right}") if k < 2 else ("Ann 34,320.00", "Ben 18,480.00")
        shapes += [text(144, y + 27, words[0], color=white, bold=k == 2)]
        shapes += [text(676, y + 27, words[1], color=white if k == 2 else INK, anchor="end", bold=k == 2)]
    shapes += [line([(20, 189), (700, 189)], LINE)]
    return picture(270, "Two bases are mixed into one share for each member", shapes)


def draw_along() -> str:
    """Draw a year by months and, for a small amount, the running total that the numbers come from."""
    months = [
        4503.97,
        3940.97,
        3152.78,
        3302.91,
        2758.68,
        2364.58,
        1884.81,
        2069.02,
        2758.68,
        3377.97,
        4541.50,
        4944.13,
    ]
    shapes: Shapes = [text(20, 32, "Ann's year by months", bold=True, size=16), line([(20, 220), (380, 220)], LINE)]
    for k, amount in enumerate(months):
        x, height = 22 + 30 * k, amount / 4944.13 * 150
        shapes += [box(x, 220 - height, 24, height, BLUE, radius=1)]
        shapes += [text(x + 12, 238, "JFMAMJJASOND"[k], size=14, color=SOFT, anchor="middle")]
    shapes += [
        text(374, 62, "4,944.13", size=14, color=SOFT, anchor="end"),
        text(22, 76, "4,503.97", size=14, color=SOFT),
    ]
    shapes += _staircase()
    shapes += [text(20, 272, "season of the month × weekday and holiday × events × availability", size=15, color=SOFT)]
    return picture(290, "A row spread over the months, and its running total in whole units", shapes)


def _staircase() -> Shapes:
    """Draw 10 units over four equal weeks: the straight curve and the whole units due."""
    left, bottom, wide, high = 440, 220, 62, 15.0
    shapes: Shapes = [text(430, 32, "10 units over 4 equal weeks", bold=True, size=16)]
    for week in range(5):
        shapes += [line([(left + wide * week, bottom), (left + wide * week, bottom + 5)], SOFT)]
    shapes += [line([(left, bottom), (left + 4 * wide, bottom)], SOFT)]
    shapes += [line([(left, bottom), (left + 4 * wide, bottom - 10 * high)], SOFT, 1.5, "5 4")]
    due = [0, 3, 5, 8, 10]
    points = [(float(left), float(bottom))]
    for week, total in enumerate(due[1:], start=1):
        points += [(left + wide * week, points[-1][1]), (left + wide * week, bottom - total * high)]
        shapes += [
            text(left + wide * week - 6, bottom - total * high - 5, str(total), size=15, anchor="end", bold=True)
        ]
        shapes += [
            text(
                left + wide * (week - 0.5),
                bottom + 18,
                f"+{total - due[week - 1]}",
                size=14,
                color=SOFT,
                anchor="middle",
            )
        ]
    return [*shapes, line(points, GREEN, 3), text(470, 62, "θ = 0.618", size=14, color=SOFT)]


def draw_cuts() -> str:
    """Draw how 7 of a row's 20 units are handed down to its members 10, 6 and 4 by halving."""
    shapes: Shapes = [
        text(20, 34, "A row of 20 units; 7 of them are due by the end of May", bold=True, size=17),
        card(270, 56, 180, ["row: 20", "7 due"], strong=True),
        arrow((330, 108), (190, 138)),
        arrow((390, 108), (510, 138)),
        card(100, 140, 180, ["first half: 10", "4 due"]),
        card(420, 140, 180, ["second half: 6 + 4", "3 due"]),
        arrow((190, 192), (190, 222), SOFT),
        arrow((480, 192), (410, 222)),
        arrow((540, 192), (610, 222)),
        card(100, 224, 180, ["Anchor: 10", "4 due"], strong=True),
        card(330, 224, 160, ["Bell: 6", "2 due"], strong=True),
        card(530, 224, 160, ["Corner: 4", "1 due"], strong=True),
        text(
            20,
            310,
            "⌊(2·7·10 + 20) / 40⌋ = 4, the rest is 3;   ⌊(2·3·6 + 10) / 20⌋ = 2, the rest is 1",
            size=15,
            color=SOFT,
        ),
        text(20, 336, "exact shares would be 3.5, 2.1 and 1.4", size=15, color=SOFT),
    ]
    return picture(356, "Units due are handed down from a row to its members by halving", shapes)


def draw_layers() -> str:
    """Draw commit and extra of four people (examples/tiny)."""
    people = [("Ann", 39600, 5400), ("Ben", 13200, 1800), ("Cho", 39600, 5400), ("Dan", 39600, 5400)]
    shapes: Shapes = []
    for k, (name, commit, extra) in enumerate(people):
        y, scale = 58 + 46 * k, 430 / 45000
        shapes += [
            text(20, y + 22, name, bold=True),
            box(70, y, commit * scale, 32, BLUE, radius=2),
            box(70 + commit * scale, y, extra * scale, 32, AMBER, radius=2),
            text(80, y + 22, f"{commit:,}.00", color="#ffffff"),
            text(80 + (commit + extra) * scale, y + 22, f"+ {extra:,}.00 = {commit + extra:,}.00", size=15),
        ]
    shapes += [
        box(70, 18, 16, 16, BLUE, radius=2),
        text(92, 32, "commit: 132,000.00"),
        box(260, 18, 16, 16, AMBER, radius=2),
        text(282, 32, "extra: 18,000.00"),
        text(430, 32, "stretch = commit + extra: 150,000.00", size=15, color=SOFT),
    ]
    return picture(254, "Two layers, each split by itself; together they are the stretch", shapes)


def draw_bounds() -> str:
    """Draw a split that two bounds change (examples/tiny, equal parts within 0.9 and 1.3 of last year)."""
    scale, left = 530 / 50000, 90
    shapes: Shapes = [text(20, 34, "Cork: 52,800.00 in equal parts, within 0.9 to 1.3 × last year", bold=True, size=17)]
    people = [("Ann", 32400, 46800, 26400, 37200), ("Ben", 10800, 15600, 26400, 15600)]
    for k, (name, floor, cap, wish, got) in enumerate(people):
        y = 76 + 96 * k
        shapes += [
            text(20, y + 26, name, bold=True),
            box(left + floor * scale, y - 8, (cap - floor) * scale, 56, "#e3f0e7", GREEN, 3),
            box(left, y, got * scale, 40, BLUE, radius=2),
            line([(left + wish * scale, y - 6), (left + wish * scale, y + 46)], RED, 3),
            text(left + 10, y + 26, f"{got:,}.00", color="#ffffff", bold=True),
            text(left + floor * scale, y + 66, f"floor {floor:,}", size=14, color=GREEN, anchor="middle"),
            text(
                left + cap * scale + (0 if k == 0 else 22),
                y + 66,
                f"cap {cap:,}",
                size=14,
                color=GREEN,
                anchor="middle" if k == 0 else "start",
            ),
            text(left + wish * scale + 6, y - 10, f"equal part {wish:,}", size=14, color=RED),
        ]
    shapes += [text(20, 268, "Ben stops at his cap; what he cannot take goes to Ann, who has room.", color=SOFT)]
    return picture(286, "A cap holds one member down, the other takes the rest", shapes)


def draw_reasons() -> str:
    """Draw the ledger of a number as steps (the sample company, `quotum explain … --person P03`)."""
    lines = [("60 % by history", 504152.80), ("30 % by potential", 262126.77), ("10 % by ability", 82184.62)]
    scale, left, start = 390 / 848464.19, 190, 0.0
    shapes: Shapes = [text(20, 34, "Why is P03's number 848,464.19?", bold=True, size=17)]
    for k, (name, amount) in enumerate(lines):
        y = 54 + 44 * k
        shapes += [
            text(20, y + 22, name),
            box(left + start * scale, y, amount * scale, 32, ["#2f6db5", "#5b8fc9", "#8fb3da"][k], radius=2),
        ]
        shapes += [text(left + (start + amount) * scale + 8, y + 22, f"{amount:,.2f}")]
        start += amount
        shapes += [line([(left + start * scale, y + 32), (left + start * scale, y + 44)], SOFT, 1.5, "3 3")]
    shapes += [
        text(20, 208, "P03", bold=True),
        box(left, 186, start * scale, 32, GREEN, radius=2),
        text(left + start * scale + 8, 208, f"{start:,.2f}", bold=True),
        text(20, 250, "Bounds and rounding would be lines of their own. The lines always add up.", color=SOFT),
    ]
    return picture(268, "The lines of a ledger add up to the number they explain", shapes)


def draw_ownership() -> str:
    """Draw a customer that changes hands and the rows that come of it (docs/how-to/newcomer.md)."""
    left, month = 130, 560 / 12
    march = left + 2 * month
    shapes: Shapes = [text(20, 32, "Farm Fair goes from Dan to Eve on 1 March", bold=True, size=17)]
    for k in range(12):
        shapes += [text(left + month * (k + 0.5), 62, "JFMAMJJASOND"[k], size=14, color=SOFT, anchor="middle")]
    rows = [
        ("Dan, all year", left, left + 12 * month, BLUE, "East Espresso: 19,800.00"),
        ("Dan, window", left, march, BLUE, "4,222.47"),
        ("Eve, window", march, left + 12 * month, GREEN, "Farm Fair: 15,577.53"),
    ]
    for k, (name, since, until, color, words) in enumerate(rows):
        y = 74 + 46 * k
        shapes += [text(20, y + 23, name), box(since, y, until - since, 34, color, radius=2)]
        shapes += [text(max(since, march * (k != 1)) + 10, y + 23, words, color="#ffffff", bold=True)]
    shapes += [line([(march, 68), (march, 250)], RED, 2, "5 4"), text(20, 233, "Eve is there")]
    for k, part in enumerate([0.25, 0.5, 0.75, 1.0]):
        wide = month if k < 3 else 7 * month
        shapes += [box(march + month * min(k, 3), 246 - 30 * part, wide, 30 * part, AMBER, radius=0)]
        shapes += [text(march + month * min(k, 3) + wide / 2, 264, f"{part:.0%}", size=14, color=SOFT, anchor="middle")]
    return picture(282, "Windows of ownership and a newcomer's ramp", shapes)


def draw_whole_units() -> str:
    """Draw the largest remainder: 1,000 cents over the weights 5, 3 and 3."""
    shapes: Shapes = [text(20, 34, "10.00 over the weights 5, 3 and 3, in whole cents", bold=True, size=17)]
    heads = [
        ("member", 20, "start"),
        ("real share", 240, "end"),
        ("rounded down", 390, "end"),
        ("remainder", 520, "end"),
        ("gets", 640, "end"),
    ]
    shapes += [text(x, 70, name, size=15, color=SOFT, anchor=anchor) for name, x, anchor in heads]
    shapes += [line([(20, 80), (700, 80)], LINE)]
    rows = [
        ("A", "454.545", "454", "0.545", "4.54"),
        ("B", "272.727", "272", "0.727", "2.73"),
        ("C", "272.727", "272", "0.727", "2.73"),
    ]
    for k, cells in enumerate(rows):
        y = 108 + 32 * k
        for (_, x, anchor), cell in zip(heads, cells, strict=True):
            last = x == 640
            shapes += [text(x, y, cell, size=17, anchor=anchor, bold=last, color=GREEN if last and k else INK)]
        if k:
            shapes += [text(652, y, "+1", size=15, color=GREEN, bold=True)]
    shapes += [
        line([(20, 184), (700, 184)], LINE),
        text(20, 208, "together", size=17),
        text(240, 208, "1,000.000", size=17, anchor="end"),
        text(390, 208, "998", size=17, anchor="end"),
        text(640, 208, "10.00", size=17, anchor="end", bold=True),
        text(20, 240, "998 cents are given; the two that are left go to the largest remainders.", color=SOFT),
    ]
    return picture(258, "Whole units by largest remainder", shapes)


def draw_currencies() -> str:
    """Draw dollars and yuan on their way through a plan in yuan, and the effect of actual rates beside it."""
    shapes: Shapes = [
        text(20, 34, "Boston sells in dollars, the plan is in yuan", bold=True, size=17),
        card(20, 62, 170, ["Boston, sold in 2026", "USD 59,999.67"]),
        card(270, 62, 190, ["at the plan rate 7.10", "CNY 425,997.66"], strong=True),
        card(530, 62, 170, ["at rates of the days", "CNY 433,317.67"]),
        card(20, 148, 170, ["Shanghai", "CNY 716,000.00"]),
        card(270, 148, 190, ["history of the plan", "CNY 1,141,997.66"], strong=True),
        arrow((190, 88), (268, 88), BLUE),
        arrow((190, 174), (268, 174), BLUE),
        arrow((365, 114), (365, 146), BLUE),
        line([(462, 88), (528, 88)], SOFT, 1.5, "5 4"),
        text(615, 138, "effect +7,320.01", color=AMBER, anchor="middle", bold=True),
        text(615, 158, "told, never planned with", size=14, color=SOFT, anchor="middle"),
        arrow((365, 200), (365, 232), BLUE),
        card(270, 234, 190, ["target 2027", "CNY 1,250,000.00"], strong=True),
        arrow((270, 260), (192, 260), GREEN),
        card(20, 234, 170, ["Boston's, shown again", "USD 65,674.03"]),
        text(540, 256, "no rate moves it", size=15, color=SOFT),
    ]
    return picture(306, "Amounts in dollars at the plan rate, the effect of actual rates apart", shapes)


def draw_customers() -> str:
    """Draw what a customer won in each month brings of its year (docs/concepts/customers.md)."""
    left, month, top = 48, 34, 76
    shapes: Shapes = [
        text(20, 34, "Won in a month, a customer brings only the rest of the year", bold=True, size=17),
        text(20, 58, "100,000 in a full year, won in the middle of its month, two a month", color=SOFT),
    ]
    for k in range(12):
        y, brings = top + 19 * k, round((11.5 - k) / 12 * 100)
        shapes += [
            text(left - 14, y + 14, "JFMAMJJASOND"[k], size=14, color=SOFT, anchor="end"),
            box(left, y, month * 12, 15, "#ffffff", LINE, radius=2),
            box(left + month * (k + 0.5), y, month * (11.5 - k), 15, GREEN if k < 7 else BLUE, radius=2),
            text(left + month * 12 + 58, y + 13, f"{brings} k", size=14, anchor="end"),
        ]
    at = left + month * 12 + 84
    shapes += [
        text(at, top + 72, "14 by the end of July", color=GREEN, bold=True, size=14),
        text(at, top + 96, "24 in the year", color=BLUE, bold=True, size=14),
        text(at, top + 140, "1.1 to 1.3 M,", bold=True, size=14),
        text(at, top + 160, "not 2.4 M", size=14),
    ]
    return picture(322, "What a customer won in each month brings of its year", shapes)


def draw_feasibility() -> str:
    """Draw twenty simulated years as squares: how many of them reach the commit and the stretch."""
    left, floor, step = 60, 210, 40
    columns = [1, 1, 2, 3, 4, 3, 2, 2, 1, 0, 1]  # years by what they bring, 5.4 M to 7.4 M
    shapes: Shapes = [text(30, 34, "Twenty years that may come, by what they bring", color=SOFT)]
    for place, count in enumerate(columns):
        color = GREEN if place >= 9 else BLUE if place >= 7 else LINE
        shapes += [
            box(left + place * step, floor - 30 * (k + 1), step - 6, 25, color, radius=3) for k in range(count)
        ]
    end = left + len(columns) * step
    shapes += [line([(left - 10, floor), (end + 10, floor)])]
    shapes += [
        text(left + place * step + 17, floor + 20, f"{5.4 + 0.2 * place:.1f}", size=12, color=SOFT, anchor="middle")
        for place in range(0, len(columns), 2)
    ]
    for place, color, word in ((7, BLUE, "commit"), (9, GREEN, "stretch")):
        at = left + place * step - 3
        top = 70 if place == 7 else 100
        shapes += [line([(at, top), (at, floor)], color, 2, "6 4"), text(at + 6, top + 10, word, color=color, size=14)]
    shapes += [
        text(540, 90, "commit: 4 of 20", color=BLUE, bold=True),
        text(540, 112, "a chance of 20 %", color=SOFT, size=14),
        text(540, 150, "stretch: 1 of 20", color=GREEN, bold=True),
        text(540, 172, "a chance of 5 %", color=SOFT, size=14),
    ]
    return picture(250, "Chances are counted on simulated years", shapes)


def draw_drivers() -> str:
    """Draw the driver tree of the page about drivers (examples/tiny), with what is needed and what there is."""
    shapes: Shapes = [text(20, 34, "132,000 are asked; what there is makes 119,241", bold=True, size=17)]
    cards = [
        (20, 150, "revenue", "119,241", True),
        (200, 96, "orders", "71.54", True), (200, 204, "average order", "1,667", False),
        (380, 60, "visits", "354.2", True), (380, 132, "orders per visit", "0.2", False),
        (560, 60, "person-days", "1,012", True), (560, 132, "visits each day", "0.35", False),
    ]  # fmt: skip
    joints = [((160, 176), (200, 122)), ((160, 176), (200, 230)), ((340, 122), (380, 86)), ((340, 122), (380, 158)),
              ((520, 86), (560, 86)), ((520, 86), (560, 158))]  # fmt: skip
    shapes += [line(joint) for joint in joints]
    shapes += [card(x, y, 140, [name, value], strong=made) for x, y, name, value, made in cards]
    ways = ["average order 1,845", "orders per visit 0.2214", "visits each day 0.3894", "people 4.451"]
    shapes += [text(20, 296, "Each of these alone would do:", bold=True)]
    shapes += [text(240 + 235 * (k % 2), 296 + 24 * (k // 2), way, color=BLUE) for k, way in enumerate(ways)]
    return picture(340, "The drivers of a number, and what would close its gap", shapes)


def draw_forecast() -> str:
    """Draw the forecast of Brook Tea on the page about forecasts (examples/tiny), in thousands."""
    sold = [14.4, 12.0, 9.6, 9.6, 8.4, 7.2, 6.0, 6.0, 8.4, 10.8, 13.2, 14.4]
    mean = [13.7, 12.0, 9.6, 10.1, 8.4, 7.2, 5.8, 6.3, 8.4, 10.3, 13.8, 15.0]
    low = [4.6, 5.3, 6.3, 4.9, 3.4, 3.6, 1.3, 2.4, 3.9, 4.3, 7.4, 8.4]
    high = [22.7, 18.6, 12.8, 15.2, 13.4, 11.0, 10.2, 10.2, 12.8, 16.2, 20.3, 21.8]

    def point(month: int, amount: float) -> tuple[float, float]:
        return 50 + 27 * month, 250 - 8.5 * amount

    band = [point(11, sold[-1]), *(point(12 + k, top) for k, top in enumerate(high))]
    band += [point(12 + k, bottom) for k, bottom in reversed(list(enumerate(low)))]
    way = " ".join(f"{x:g},{y:g}" for x, y in band)
    shapes: Shapes = [f'<polygon points="{way}" fill="{PALE}"/>', line([(40, 250), (690, 250)])]
    shapes += [line([point(k, amount) for k, amount in enumerate(sold)], INK, 2.5)]
    shapes += [line([point(11, sold[-1]), *(point(12 + k, amount) for k, amount in enumerate(mean))], BLUE, 2.5)]
    shapes += [line([(360, 50), (360, 250)], SOFT, 1.5, "5 4")]
    shapes += [text(354, 46, "as_of", color=SOFT, anchor="end", size=14)]
    shapes += [
        text(50, 274, "2026: sold 120,000", color=INK, bold=True),
        text(374, 274, "2027: 120,534 expected, 109,920 to 131,032", color=BLUE, bold=True),
        text(374, 46, "four of five simulated months lie in the band", color=SOFT, size=14),
    ]
    return picture(300, "A year of sales and the range of the next", shapes)


def draw_appraisal() -> str:
    """Draw the way from rows of tables to a score and what it does, of the page about appraisal (Ann in January)."""
    shapes: Shapes = [text(20, 34, "Ann in January: every point opens down to the rows", bold=True, size=17)]
    heads = [(20, "rows"), (180, "figures"), (340, "lines"), (520, "score"), (620, "effect")]
    shapes += [text(x, 66, words, color=SOFT, size=13) for x, words in heads]
    shapes += [card(20, 80, 130, ["sales.csv:74", "3,600"]), card(20, 160, 130, ["sales.csv:75", "1,450"])]
    shapes += [card(180, 80, 130, ["revenue", "5,050"]), card(180, 160, 130, ["due by the plan", "4,503.97"]),
               card(180, 240, 130, ["returned", "2 of 2"])]  # fmt: skip
    shapes += [card(340, 110, 150, ["sales, weight 70", "78.49"], strong=True),
               card(340, 240, 150, ["returned, weight 30", "30.00"], strong=True)]  # fmt: skip
    joints = [((150, 106), (180, 106)), ((150, 186), (180, 106)), ((150, 186), (180, 266)), ((310, 106), (340, 136)),
              ((310, 186), (340, 136)), ((310, 266), (340, 266)), ((490, 136), (520, 186)), ((490, 266), (520, 186)),
              ((600, 186), (620, 186))]  # fmt: skip
    shapes += [line(joint) for joint in joints]
    shapes += [card(520, 160, 80, ["score", "108.49"], strong=True), card(620, 160, 80, ["pay", "617.45"])]
    shapes += [text(20, 330, "70 × 5,050 ÷ 4,503.97 = 78.49; nothing is cut off at 100 unless the scheme says so.")]
    return picture(350, "From rows to a score", shapes)


def draw_tracking() -> str:
    """Draw the year of Brook Tea on the page about tracking (examples/tiny), as running totals in thousands."""
    due = [0, 15.0, 28.2, 38.7, 49.7, 58.9, 66.7, 73.0, 79.9, 89.1, 100.4, 115.5, 132.0]
    actual = [0, 10.8, 17.7, 21.4]
    ends = {"low": 91.4, "outlook": 118.2, "high": 143.3}

    def point(month: int, amount: float) -> tuple[float, float]:
        return 50 + 42 * month, 290 - 1.65 * amount

    band = [point(3, actual[-1]), point(12, ends["high"]), point(12, ends["low"])]
    way = " ".join(f"{x:g},{y:g}" for x, y in band)
    shapes: Shapes = [f'<polygon points="{way}" fill="{PALE}"/>', line([(40, 290), (600, 290)])]
    shapes += [line([point(k, amount) for k, amount in enumerate(due)], SOFT, 2.5)]
    shapes += [line([point(k, amount) for k, amount in enumerate(actual)], INK, 3.5)]
    shapes += [line([point(3, actual[-1]), point(12, ends["outlook"])], BLUE, 2.5, "7 5")]
    shapes += [line([point(3, actual[-1]), point(3, due[3])], RED, 2.5)]
    shapes += [
        text(170, 220, "gap 17.3", color=RED, anchor="end", bold=True),
        text(182, 280, "sold 21.4 by 31 March", color=INK, bold=True),
        text(566, 76, "plan 132.0", color=SOFT, bold=True),
        text(566, 100, "outlook 118.2", color=BLUE, bold=True),
        text(566, 124, "91.4 to 143.3", color=BLUE, size=14),
        text(566, 148, "chance 30 %", color=BLUE, size=14),
        text(40, 316, "January", color=SOFT, size=14),
        text(566, 316, "December", color=SOFT, size=14, anchor="end"),
    ]
    return picture(336, "Plan, actual and the range of the outlook", shapes)


def draw_replanning() -> str:
    """Draw Dan of Brook Tea on the page about re-planning (examples/tiny), in thousands: planned, and planned anew."""
    before, after = (11.6, 8.4, 6.7, 12.9), (0.0, 10.1, 8.1, 15.4)
    years = ("39.6", "28.0", "33.6")
    shapes: Shapes = [text(180 + 130 * k, 40, f"Q{k + 1}", color=SOFT, anchor="middle", size=14) for k in range(4)]
    named = (("planned", before), ("keep-rest", (0.0, *before[1:])), ("keep-year", after))
    for place, (name, amounts) in enumerate(named):
        base = 130 + 90 * place
        shapes += [text(20, base - 8, name, size=14, bold=place > 0), line([(120, base), (640, base)], LINE)]
        for quarter, amount in enumerate(amounts):
            x, high = 140 + 130 * quarter, 4 * amount
            if high:
                shapes.append(box(x, base - high, 80, high, PALE if place == 0 else BLUE, radius=2))
            words = f"{amount:.1f}" if high else "sold 0"
            shapes.append(text(x + 40, base - high - 5, words, anchor="middle", size=13, color=INK if high else RED))
        shapes.append(text(690, base - 8, years[place], anchor="end", bold=True, size=14))
    shapes += [line([(245, 50), (245, 320)], SOFT, 1.5, "5 4"), text(251, 334, "as_of", color=SOFT, size=13)]
    shapes.append(text(690, 40, "year", color=SOFT, anchor="end", size=14))
    return picture(350, "A quarter without sales: what the months ahead become", shapes)


PICTURES: dict[str, Callable[[], str]] = {
    "overview": draw_overview,
    "across": draw_across,
    "along": draw_along,
    "cuts": draw_cuts,
    "layers": draw_layers,
    "bounds": draw_bounds,
    "reasons": draw_reasons,
    "ownership": draw_ownership,
    "whole-units": draw_whole_units,
    "feasibility": draw_feasibility,
    "forecast": draw_forecast,
    "tracking": draw_tracking,
    "customers": draw_customers,
    "currencies": draw_currencies,
    "drivers": draw_drivers,
    "replanning": draw_replanning,
    "appraisal": draw_appraisal,
}


def write_pictures(folder: Path) -> None:
    """Write every picture as ``<name>.svg``."""
    for name, draw in PICTURES.items():
        (folder / f"{name}.svg").write_text(draw(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_pictures(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)

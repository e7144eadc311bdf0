"""Pictures of how a number is decomposed: the pages about steps, layers, bounds, reasons, owners, customers."""

from __future__ import annotations

from shapes import AMBER, BLUE, GREEN, INK, LINE, RED, SOFT, Shapes, arrow, box, card, line, picture, text


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

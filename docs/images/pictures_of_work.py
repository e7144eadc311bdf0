"""Pictures of what the year can bring and what becomes of it: feasibility, drivers, forecasts, tracking, appraisal."""

from __future__ import annotations

from shapes import BLUE, GREEN, INK, LINE, PALE, RED, SOFT, Shapes, box, card, line, picture, text


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

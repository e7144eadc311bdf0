"""Texts of findings about schemes: their bands, weights, owners, data, and what can never happen."""

from __future__ import annotations

APPRAISAL_TEXTS: dict[str, tuple[str, str]] = {
    "schemes_missing": ("There is no scheme in {file}.", "Write one: docs/how-to/write-a-scheme.md shows how."),
    "scheme_never_holds": (
        "The scheme {value} of {since} is never in force: another takes its place on the same day, or it ends before.",
        "Give each version of a scheme its own since.",
    ),
    "scheme_says_two": (
        "The scheme says two things of {value}: {said}.[ {used} is used.]",
        "Decide which holds, before the period begins.",
    ),
    "scheme_leaves_open": (
        "The scheme leaves {value} open: {said}.[ {used} is used.]",
        "Say one number, before the period begins.",
    ),
    "bands_gap": (
        "{where}: {value} lies in no band[, below {second}][, above {first}].",
        "Let the bands meet: from and to belong to a band, above and below do not.",
    ),
    "bands_overlap": (
        "{where}: {value} lies in {first} and in {second}; the one written first is taken.",
        "Write below instead of to (or above instead of from) at one of them.",
    ),
    "band_end_twice": ("{column} stands beside {other}: a band ends once.", "Keep one of the two."),
    "weights_not_whole": (
        "The weights of {value} add up to {sum}, not to {wanted}.",
        "Change the weights, or say weights = {sum}.",
    ),
    "indicator_twice": ("{value} stands twice on the scorecard {card}.", "Keep one line, with both weights."),
    "indicator_unknown": (
        "{where}: nobody knows the indicator {value}.[ Did you mean {nearest}?]",
        "Say it under [indicators], or take one of the library: docs/reference/schemes.md.",
    ),
    "indicator_undefined": (
        "{where}: {value} has no definition yet.[ {asks}]",
        "Give it a formula under [indicators]; until then it has no data.",
    ),
    "indicator_without_data": (
        "{where}: its figures come from the table {table}, which has no rows.",
        "Fill the table, or take another indicator.",
    ),
    "indicator_without_owner": (
        "Nobody owns the indicator {value} of {scorecard}.",
        "Name the owner, or give those who share it their parts.",
    ),
    "owner_without_indicator": ("{value} owns no indicator.", "Hand one down to this post, or leave the post out."),
    "indicator_circle": ("{column}: {way} is a circle.", "An indicator may not be made from itself."),
    "indicator_reaches": (
        "{column}: `{formula}` looks at another time for {value}, which indicators cannot.",
        "Use a fact with a window: period, so_far, year, year_before or end.",
    ),
    "figure_unknown": (
        "{where}: nobody knows {value}.[ Did you mean {nearest}?]",
        "Use a fact of [facts] or the library, a measure, or one with _target, _stretch or _last_year behind it.",
    ),
    "fact_table": ("The fact {value} is taken from {table}, which is no table.[ Did you mean {nearest}?]",
                   "quotum tables tells them all."),
    "fact_column": ("The fact {value} asks for {column}, which {table} does not have.[ Did you mean {nearest}?]",
                    "quotum tables tells the columns."),
    "scorecard_unknown": ("{where}: there is no scorecard {value}.", "Name one of the same scheme."),
    "scorecard_of_nobody": (
        "{value} is for nobody in the company[: roles {roles}].",
        "Compare roles, people and units with the table people.",
    ),
    "person_without_scorecard": (
        "{people} people are on no scorecard: {value}.",
        "Give their role a scorecard, or say roles = [] on one that is for everybody.",
    ),
    "rule_never_fires": (
        "{where}: {value} can never come to pass ({why}[, {low} to {high} can be reached]).",
        "Change it, or leave it out.",
    ),
    "pay_step_open": (
        "{value}: pay rises per point above {full_at}, but not by how much.",
        "Say step under [scorecard.pay], such as 0.01; until then it does not rise.",
    ),
    "bonus_open": ("{where}: the bonus {value} has neither each nor most.", "Say how many points it brings."),
    "commission_without_tiers": ("The commission {value} has no tiers.", "Give it at least one [[commission.tier]]."),
    "quota_of_fixed": (
        "{value} is a fixed cost: only variable ones are handed down.",
        "Leave it out of the quotas; nobody below can change it.",
    ),
    "quota_item_unknown": (
        "No cost has the item {value}.[ Did you mean {nearest}?]",
        "Write it as the table costs does.",
    ),
    "goal_twice": ("The goal {value} stands at the top twice.", "Keep one."),
    "goal_parts": ("{post}: the parts of {value} add up to {sum}, not to 1.", "Change the parts."),
    "goal_circle": ("{value} goes in a circle: {way}.", "Hand it down, never up."),
    "goal_not_there": ("{post} hands down {value}, but has none of it.", "Give it to this post first."),
    "goal_not_below": (
        "{above} hands {value} to {post}, whose superior is {superior}.",
        "Hand it down the line, or change the superior under [posts].",
    ),
    "post_unknown": ("Nobody knows the post {value}.[ Did you mean {nearest}?]", "Name it under [posts]."),
    "score_without_data": (
        "{column}: {value} had no data for {people} people or units ({periods} periods); it counts as the scheme says.",
        "Fill the tables it is made of, or say missing = \"reweight\".",
    ),
    "score_reweighted": (
        "{column}: {value} had no data for {people} people or units ({periods} periods); the other weights grew.",
        "Nothing, if that is what the scheme means.",
    ),
    "appraisal_exists": ("{file} is there already; an appraisal is never overwritten.", "Give another folder."),
    "appraisal_not_written": ("{file} could not be written: {value}.", "Look at the folder and its rights."),
    "appraisal_period": (
        "`{value}` is no period of the plan.[ Did you mean {nearest}?]",
        "Write 2027-03, 2027-Q1, 2027-H1 or 2027; FY2027-Q1 where the year does not begin in January.",
    ),
    "appraisal_not_over": (
        "The latest sale is of {value}: the tables do not tell the whole of {period} yet.",
        "Score again when they do.",
    ),
    "objection_unknown": (
        "{person} objects to {value} in {period}, which no score of theirs has.",
        "Write scorecard and indicator as the appraisal does.",
    ),
    "objection_open": (
        "{value} objections are not answered.",
        "Answer them: upheld or refused, the day, the answer. What is upheld is corrected in the rows it is about.",
    ),
    "not_appraised": (
        "The appraisal knows no {column} {value}.[ Did you mean {nearest}?]",
        "appraisal.xlsx and the table scores tell who was scored, and in which periods.",
    ),
    "appraisal_nobody": (
        "No scorecard of a scheme in force covers a whole period within {value}.",
        "Look at every, since and until of the schemes.",
    ),
}  # fmt: skip

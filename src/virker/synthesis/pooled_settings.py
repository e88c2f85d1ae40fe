"""The settings of pooling, and the bands of months within which effects are taken to be of the same time.

No source publishes them for this use, so all are ours, each with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from virker.language import Said
from virker.synthesis.pooled_effect import Band, BandId
from virker.synthesis.verdict import Setting

SETTINGS: Mapping[str, Setting] = {
    "fewest": Setting(
        3, False,
        "færrest uafhængige studier eller forsøg i et samlet skøn; to vises side om side, for af to kan spredningen mellem studier ikke skønnes",
        "fewest independent studies or trials in a pooled effect; two are shown side by side, for two do not tell how much studies differ",
    ),
    "all_estimates_from": Setting(
        5, False,
        "så mange studier skal der til, før alle et studies skøn er med i en model i tre niveauer; med færre bliver frihedsgraderne under fire, og så bruges ét skøn fra hvert",
        "so many studies before all estimates of each enter a three-level model; with fewer the degrees of freedom fall below four, and one estimate of each is used",
    ),
    "rho": Setting(
        0.8, False,
        "antaget korrelation mellem stikprøvefejlene i skøn fra samme studie (de samme personer); de robuste standardfejl hviler ikke på den",
        "assumed correlation of the sampling errors of estimates of one study (the same people); the robust standard errors do not rest on it",
    ),
    "small_studies_from": Setting(
        10, False,
        "testen for, om små studier finder større effekter, finder næsten intet med færre end ti studier",
        "the test of whether small studies find larger effects finds next to nothing with fewer than ten studies",
    ),
    "small_studies_p": Setting(
        0.1, False,
        "under denne p-værdi siges små studier at finde andet; testen er svag, så grænsen er ikke 5 pct.",
        "below this p-value small studies are said to find otherwise; the test is weak, so the bound is not 5%",
    ),
    "moderators_from": Setting(
        10, False,
        "så mange studier skal der til, før det regnes ud, om effekten skifter med en moderator; færre finder kun tilfældigheder",
        "so many studies before it is worked out whether the effect goes with a moderator; fewer find only chance",
    ),
    "moderators_each_side": Setting(
        3, False,
        "færrest studier på hver side af moderatoren; det samme tal som for et samlet skøn",
        "fewest studies on each side of the moderator; the same number as for a pooled effect",
    ),
}  # fmt: skip


def _band(name: BandId, low: float | None, high: float | None, da: str, en: str) -> Band:
    return Band(name, low, high, Said(da, en))


#: A horizon on the edge (12 months) belongs to the earlier band: an effect "after a year" is one of the first year.
BANDS: Mapping[BandId, Band] = {
    b.id: b
    for b in (
        _band("0-6", 0, 6, "op til 6 måneder", "up to 6 months"),
        _band("6-12", 6, 12, "over 6, højst 12 måneder", "over 6, at most 12 months"),
        _band("12-24", 12, 24, "over 12, højst 24 måneder", "over 12, at most 24 months"),
        _band("24-36", 24, 36, "over 24, højst 36 måneder", "over 24, at most 36 months"),
        _band("36-", 36, None, "over 36 måneder", "over 36 months"),
        _band("whole", None, None, "hele forløbet", "the whole course"),
        _band("not-printed", None, None, "uvist hvornår", "not printed when"),
    )
}


def band_of(months: float | None, whole: bool) -> Band:
    """The band of a horizon; ``whole`` where the number is not of a horizon at all."""
    if whole:
        return BANDS["whole"]
    if months is None:
        return BANDS["not-printed"]
    return next(b for b in BANDS.values() if b.high is None or months <= b.high)

"""The words in the drawings, in English and Danish, and numbers as each language writes them.

A caller may hand in a mapping of its own: what it does not name is taken from :data:`ENGLISH`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from virker.meta.errors import InputError

Words = Mapping[str, str]

ENGLISH: dict[str, str] = {
    "decimal": ".", "separator": ", ", "study": "study", "estimate": "estimate", "interval": "{level} % interval", "weight": "weight",
    "effect": "effect", "summary": "Mean effect", "common": "Common effect", "prediction": "Prediction interval", "fitted": "Fitted by the moderators",
    "subgroup": "Mean of {name}", "se": "standard error",
    "precision": "precision, 1/√(variance + τ²)", "standardised": "effect in standard errors", "contribution": "contribution to heterogeneity (Q)",
    "influence": "influence on the mean", "without": "without {name}", "all": "all {k}", "up to": "+ {name}", "risk1": "share with event, group 1",
    "risk2": "share with event, group 2", "i2": "heterogeneity, I² (%)", "subsets": "subsets", "tau2": "variance between studies, τ²",
    "likelihood": "log-likelihood", "months": "months since the start", "p": "p-value", "share": "share of the significant (%)", "seen": "seen",
    "no effect curve": "no effect: all alike", "third power curve": "power of one third", "weight of": "chance of being seen, relative",
    "moderator": "moderator", "filled": "filled in", "significance": "p = {p}", "residual": "standardised residual", "coefficient": "coefficient",
    "power": "power", "results": "results", "sampling": "sampling", "between studies": "between studies",
    "within studies": "within studies", "variance share": "share of the variance (%)", "negative": "negative", "none": "no effect",
    "positive": "positive", "positive share": "share that is positive", "cell": "cell", "outside": "(goes on)",
    "forest": "Forest plot", "funnel": "Funnel plot", "cumulative": "Cumulative meta-analysis", "leave-one-out": "Without each study in turn",
    "radial": "Radial plot", "baujat": "Baujat plot", "labbe": "L’Abbé plot", "gosh": "All subsets of studies (GOSH)",
    "profile": "Profile likelihood of τ²", "influence plot": "Influence of each study", "over time": "Effect over time", "p-curve": "p-curve",
    "selection": "Chance of being seen", "bubble": "Meta-regression", "coefficients": "Coefficients", "predictions": "Predictions",
    "residuals": "Residuals", "bootstrap": "Bootstrap", "shares": "Where the variance lies", "harvest": "Harvest plot", "study effects": "Study effects",
    "power plot": "Power of each estimate", "sign test": "Share of positive units", "cells": "Mean effect in each cell", "tau2 interval": "Interval for τ",
    "alt rows": "{title}. {rows}", "alt row": "{label}: {estimate} {interval}.", "alt forest": "{title} of {k} estimates.",
    "alt more": "The other {k} are in the table.",
    "alt points": "{title}: {k} points. {x} from {xlow} to {xhigh}; {y} from {ylow} to {yhigh}.",
    "alt funnel": "{title} of {k} estimates around {estimate}; standard errors from {low} to {high}. {outside} lie outside the {level} % lines.",
    "alt filled": "{k} are filled in.", "alt curve": "{title}: highest at {x} = {at}.", "alt hist": "{title}: {k} values, half of them between {low} and {high}, middle {mid}.",
    "alt marked": "Beyond the usual limits: {names}.", "alt unmarked": "None is beyond the usual limits.",
    "alt gosh": "{title}: {k} subsets, estimates from {low} to {high}, middle {mid}; I² from {ilow} to {ihigh} %.",
    "alt p-curve": "{title}: {k} significant results; {shares} % of them in the five classes of p from 0 to {alpha}.",
    "alt steps": "{title}: {steps}.", "alt step": "{weight} for p from {low} to {high}",
    "alt bubble": "{title}: {k} estimates by {x}. The line goes from {first} at {xlow} to {last} at {xhigh}.",
    "alt harvest": "{title}: {rows}.", "alt harvest row": "{label}: {negative} negative, {none} without effect, {positive} positive",
    "rstudent": "residual without the study", "dffits": "shift of the study’s fitted value (DFFITS)", "cook_d": "Cook’s distance", "cov_ratio": "covariance ratio",
    "tau2_deleted": "τ² without the study", "q_deleted": "Q without the study", "hat": "leverage", "study number": "study, in order",
    "posterior": "Posterior of the effect", "posterior tau": "Posterior of τ", "density": "density", "new study": "effect in a new study",
    "alt posterior": "{title}: median {median}, interval {interval}.", "network": "Network of comparisons", "league": "Every pair", "pair": "pair",
    "alt network": "{title}: {n} treatments, {g} studies. Studies of each pair: {pairs}.", "ranking": "P-scores",
    "rank warning": "P-score: how sure it is that others are worse. A rank is no effect.", "split": "Direct and indirect evidence", "direct": "direct",
    "indirect": "indirect", "both evidence": "both",
}  # fmt: skip

DANISH: dict[str, str] = {
    **ENGLISH,
    "decimal": ",", "separator": "; ", "study": "studie", "estimate": "estimat", "interval": "{level} %-interval", "weight": "vægt",
    "effect": "effekt", "summary": "Gennemsnitlig effekt", "common": "Fælles effekt", "prediction": "Prædiktionsinterval",
    "fitted": "Efter moderatorerne", "subgroup": "Gennemsnit, {name}", "se": "standardfejl",
    "precision": "præcision, 1/√(varians + τ²)", "standardised": "effekt i standardfejl",
    "contribution": "bidrag til heterogenitet (Q)", "influence": "indflydelse på gennemsnittet", "without": "uden {name}", "all": "alle {k}",
    "up to": "+ {name}", "risk1": "andel med hændelsen, gruppe 1", "risk2": "andel med hændelsen, gruppe 2", "i2": "heterogenitet, I² (%)",
    "subsets": "delmængder", "tau2": "varians mellem studier, τ²", "likelihood": "log-likelihood", "months": "måneder siden start", "p": "p-værdi",
    "share": "andel af de signifikante (%)", "seen": "set", "no effect curve": "ingen effekt: lige mange", "third power curve": "styrke på en tredjedel",
    "weight of": "chance for at blive set, relativt", "moderator": "moderator", "filled": "føjet til", "residual": "standardiseret residual",
    "coefficient": "koefficient", "power": "styrke", "results": "resultater", "sampling": "stikprøvefejl",
    "between studies": "mellem studier", "within studies": "inden for studier", "variance share": "andel af variansen (%)", "negative": "negativ",
    "none": "ingen effekt", "positive": "positiv", "positive share": "andel, der er positiv", "cell": "celle", "outside": "(fortsætter)",
    "forest": "Forest plot", "funnel": "Funnel plot", "cumulative": "Kumuleret metaanalyse", "leave-one-out": "Uden ét studie ad gangen",
    "radial": "Radialt plot", "baujat": "Baujat-plot", "labbe": "L’Abbé-plot", "gosh": "Alle delmængder af studier (GOSH)",
    "profile": "Profil-likelihood for τ²", "influence plot": "Hvert studies indflydelse", "over time": "Effekt over tid", "p-curve": "p-kurve",
    "selection": "Chance for at blive set", "bubble": "Metaregression", "coefficients": "Koefficienter", "predictions": "Forudsigelser",
    "residuals": "Residualer", "bootstrap": "Bootstrap", "shares": "Hvor variansen ligger", "harvest": "Høstplot", "study effects": "Studieeffekter",
    "power plot": "Hvert estimats styrke", "sign test": "Andel af enheder, der er positive", "cells": "Gennemsnitlig effekt i hver celle",
    "tau2 interval": "Interval for τ",
    "alt forest": "{title} med {k} estimater.", "alt more": "De øvrige {k} står i tabellen.",
    "alt points": "{title}: {k} punkter. {x} fra {xlow} til {xhigh}; {y} fra {ylow} til {yhigh}.",
    "alt funnel": "{title} med {k} estimater omkring {estimate}; standardfejl fra {low} til {high}. {outside} ligger uden for {level} %-linjerne.",
    "alt filled": "{k} er føjet til.", "alt curve": "{title}: højest ved {x} = {at}.",
    "alt hist": "{title}: {k} værdier, halvdelen mellem {low} og {high}, midterste {mid}.", "alt marked": "Uden for de sædvanlige grænser: {names}.",
    "alt unmarked": "Ingen er uden for de sædvanlige grænser.",
    "alt gosh": "{title}: {k} delmængder, estimater fra {low} til {high}, midterste {mid}; I² fra {ilow} til {ihigh} %.",
    "alt p-curve": "{title}: {k} signifikante resultater; {shares} % af dem i de fem klasser af p fra 0 til {alpha}.",
    "alt step": "{weight} for p fra {low} til {high}", "alt bubble": "{title}: {k} estimater efter {x}. Linjen går fra {first} ved {xlow} til {last} ved {xhigh}.",
    "alt harvest row": "{label}: {negative} negative, {none} uden effekt, {positive} positive",
    "rstudent": "residual uden studiet", "dffits": "flytning af studiets egen værdi (DFFITS)", "cook_d": "Cooks afstand", "cov_ratio": "kovariansforhold",
    "tau2_deleted": "τ² uden studiet", "q_deleted": "Q uden studiet", "hat": "leverage", "study number": "studie, i rækkefølge",
    "posterior": "Posterior for effekten", "posterior tau": "Posterior for τ", "density": "tæthed", "new study": "effekt i et nyt studie",
    "alt posterior": "{title}: median {median}, interval {interval}.", "network": "Netværk af sammenligninger", "league": "Hvert par", "pair": "par",
    "alt network": "{title}: {n} indsatser, {g} studier. Studier af hvert par: {pairs}.", "ranking": "P-scorer",
    "rank warning": "P-score: hvor sikkert det er, at andre er dårligere. En rang er ingen effekt.", "split": "Direkte og indirekte evidens",
    "direct": "direkte", "indirect": "indirekte", "both evidence": "begge",
}  # fmt: skip

LANGUAGES: dict[str, Words] = {"en": ENGLISH, "da": DANISH}


def words_of(words: Words | str | None) -> Words:
    """``"en"``, ``"da"``, a mapping of the caller's own over the English one, or None for English."""
    if words is None:
        return ENGLISH
    if isinstance(words, str):
        if words not in LANGUAGES:
            raise InputError(f"No words in '{words}': there are {', '.join(LANGUAGES)}, or a mapping of your own.")
        return LANGUAGES[words]
    unknown = sorted(set(words) - set(ENGLISH))
    if unknown:
        raise InputError(f"No such words in the drawings: {', '.join(unknown)}.")
    return {**ENGLISH, **words}


def figure(value: float, digits: int, words: Words) -> str:
    """A number with so many decimals, a true minus sign and the language's decimal mark; a dash for what is not defined."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "−").replace(".", words["decimal"])


def bracketed(low: float, high: float, digits: int, words: Words) -> str:
    """``[0.10, 0.32]``, in Danish ``[0,10; 0,32]``."""
    return f"[{figure(low, digits, words)}{words['separator']}{figure(high, digits, words)}]"


def decimals(step: float) -> int:
    """How many decimals show a number of this size with two digits that count; at least none, at most five."""
    return int(min(5, max(0, 1 - math.floor(math.log10(step))))) if step > 0 and math.isfinite(step) else 2

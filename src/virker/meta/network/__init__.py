"""Which of many programmes works best, when no study tried them all?

Network meta-analysis of contrasts, standard (``model.py``) and additive in components (``additive.py``). ``contrasts.py`` turns the studies into
independent estimates, so that the rest is the engine's meta-regression; ``design.py`` knows what can be estimated; ``inconsistency.py`` and
``ranking.py`` say what the fit hides, ``prediction.py`` what a new study would find. Copy ``decompose`` for a new look at a fitted network.
"""

from virker.meta.network.additive import Additivity, ComponentModel, fit_components
from virker.meta.network.contrasts import Pairs, contrasts_of_arms
from virker.meta.network.inconsistency import Decomposition, Split, decompose, split
from virker.meta.network.model import NetworkModel, fit_network
from virker.meta.network.prediction import NetworkPrediction, predict_contrasts
from virker.meta.network.ranking import League, Ranking, league, p_scores

__all__ = [
    "Additivity",
    "ComponentModel",
    "Decomposition",
    "League",
    "NetworkModel",
    "NetworkPrediction",
    "Pairs",
    "Ranking",
    "Split",
    "contrasts_of_arms",
    "decompose",
    "fit_components",
    "fit_network",
    "league",
    "p_scores",
    "predict_contrasts",
    "split",
]

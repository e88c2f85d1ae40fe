"""How sure are we, given what we thought before?

Bayesian random-effects meta-analysis by quadrature. ``model.py`` fits; ``priors.py`` has the priors for tau, one function each (copy
``half_cauchy`` for a new one); ``likelihood.py`` what is exact given tau; ``panels.py`` the one integral; ``tau.py``, ``mixture.py`` and
``intervals.py`` the posteriors.
"""

from virker.meta.bayes import priors
from virker.meta.bayes.likelihood import Normal
from virker.meta.bayes.mixture import Mixture
from virker.meta.bayes.model import BayesModel, Shrinkage, fit_bayes
from virker.meta.bayes.priors import Prior
from virker.meta.bayes.tau import TauPosterior

__all__ = ["BayesModel", "Mixture", "Normal", "Prior", "Shrinkage", "TauPosterior", "fit_bayes", "priors"]

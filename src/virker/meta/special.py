"""SciPy's special functions, loaded when the first one is called: ``import virker.meta`` waits for NumPy only.

>>> from virker.meta import special
>>> float(special.chdtrc(1.0, 0.0))
1.0
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    import scipy.special

    function = getattr(scipy.special, name)
    globals()[name] = function
    return function

"""What do somebody's own numbers add up to? The parts of ``virker meta FILE``.

A file becomes a :class:`~virker.cli.own_data.table.Table` of texts, that becomes estimates (``columns.py``, ``estimates.py``), those an analysis
(``analysis.py``), and that is told in words (``told.py``), as a page (``report.py``) and as the Python that gives the same (``recipe.py``).
"""

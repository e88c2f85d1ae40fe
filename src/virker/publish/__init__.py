"""How is it shown on paper and screen?

Nouns: :class:`~virker.publish.document.Document` (a note's text, read once for all formats),
:class:`~virker.publish.figures.figure.Figure` (caption, alternative text, drawing and the table under it) and
:class:`~virker.publish.references.Reference` (a work as a reference list prints it). ``build.py`` writes the files; a new figure is a
file in ``figures/``: copy ``figures/harvest.py``.

>>> from virker.publish.document import FIGURES
>>> FIGURES
('forest', 'harvest', 'map', 'moderators', 'over-time', 'pooled', 'verdicts')
"""

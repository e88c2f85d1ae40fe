"""What do these numbers add up to?

Arrays in, small frozen results out; no bank objects, usable on its own (``from virker import meta``). Shapes are written with k (estimates),
p (columns of the design matrix, the intercept first), g (clusters) and B (a batch of fits). A new estimator of the between-study variance is
a function in ``tau2.py``; copy ``dersimonian_laird``.
"""

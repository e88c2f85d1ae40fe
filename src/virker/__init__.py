"""virker: evidence on employment policy that runs.

Claims are tests: a sentence in a policy note is bound to a query on the evidence bank, and ``virker check`` fails when the
evidence no longer carries it.
"""

__version__ = "0.1.0"

"""The same over HTTP, for programs: versioned, read-only, told by OpenAPI.

An :class:`~virker.web.api.endpoint.Endpoint` is one thing that can be asked: its address, its parameters, what it answers, and the
function that answers. One list of them (``routes.py``) serves and documents. A new one is a line there; copy ``terms.py``.
"""

"""The calculators, the planner and the law in a browser: what is posted is read, answered and forgotten.

Forms are sent with POST, so that facts about a person stand in no address and in no log of addresses. A page module that takes a form has
``posted(site, address, form) -> Reply``; one that takes something after the question mark has ``asked(site, address, query) -> Reply``.
Both are pure: they keep nothing. To add a calculator, copy ``seks_uger.py`` and name it in :data:`virker.web.tools.registry.TOOLS`.
"""

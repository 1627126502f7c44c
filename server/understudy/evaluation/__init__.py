"""How good a model is on the user's own engine: each evaluation asks it many questions and says the figures.

`table` lists the evaluations. What they share: `journal` keeps every result as it comes, `asking` puts the questions,
`provenance` says what was measured.
"""

"""Whether fixes of a checker's diagnostics are right, and whether only right ones are offered as checked.

Faults are put into clean packages of the registries; what a checker says of one is the input, as it says it. Contenders
answer in place of a model, through the whole of the product: the prompt, the reading of the answer, the matching, the
verification. The **oracle** answers with the true fix, the **adversaries** with what only looks like one, and a real
engine with what it makes of it. `python -m bench diagfix` runs the oracle, the adversaries and the bundled model;
`python -m bench.diagfix` any engine.
"""

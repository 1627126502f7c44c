"""The models that are known, as data: what each can do, what it needs, how it is asked."""

from understudy.engine.catalogue.load import load_catalogue
from understudy.engine.catalogue.lookup import Catalogue
from understudy.engine.catalogue.serve import Serving, serving

__all__ = ["Catalogue", "Serving", "load_catalogue", "serving"]

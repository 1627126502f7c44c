"""The models that are known, as data: what each can do, what it needs, how it is asked."""

from understudy.engine.catalogue.load import load_catalogue
from understudy.engine.catalogue.lookup import Catalogue

__all__ = ["Catalogue", "load_catalogue"]

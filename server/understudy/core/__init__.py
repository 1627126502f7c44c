"""Values that everything else is written in. Imports the standard library, pydantic and platformdirs."""

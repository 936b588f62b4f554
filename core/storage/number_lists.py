"""Thousands of numbers as one parameter: with a parameter for each, they take longer than the rest of the statement."""

from typing import Any

from sqlalchemy import JSON, BigInteger, BindParameter, ColumnElement, Dialect, Integer, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class NumberList(TypeDecorator[list[int]]):
    """A parameter that is a list of numbers: an array, or JSON on SQLite, which has no arrays."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the database's own type."""
        return dialect.type_descriptor(ARRAY(BigInteger()) if dialect.name == "postgresql" else JSON())


class _Numbers(FunctionElement[int]):
    """The numbers of a list as rows."""

    type = Integer()
    inherit_cache = True


@compiles(_Numbers, "postgresql")
def _unnest(numbers: _Numbers, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    return f"(SELECT unnest({compiler.process(numbers.clauses, **options)}))"


@compiles(_Numbers, "sqlite")
def _json_each(numbers: _Numbers, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - as above
    return f"(SELECT value FROM json_each({compiler.process(numbers.clauses, **options)}))"  # noqa: S608 - no values


def among(column: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Return the SQL condition that a column is one of the numbers in the list that is the parameter of this name."""
    listed: BindParameter[list[int]] = bindparam(name, type_=NumberList())
    return column.op("IN", is_comparison=True)(_Numbers(listed))

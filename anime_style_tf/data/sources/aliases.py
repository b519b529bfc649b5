"""Other names of artists, from a table that a user gives."""

from anime_style_tf.data.sources.names import match_key
from anime_style_tf.data.sources.tables import cell, read_table
from anime_style_tf.errors import InputError


class Aliases:
    """Leads the names of an artist to the one that the works are kept under.

    Args:
        path: table (.csv, .tsv or .parquet) with the columns `alias` and `canonical`; None knows
            no other names. A canonical name may be the alias of a further one.

    Raises:
        InputError: it cannot be read, a name leads to two others, or names form a circle.
    """

    def __init__(self, path=None):
        self._next = {} if path is None else _read(path)  # key -> (alias, name it leads to)
        self._names = {}  # key at the end of a chain -> the names that lead there
        self._used = set()
        for key, names in self._next.items():
            self._names.setdefault(self._end(key, path), set()).update(names)

    def canonical(self, name):
        """Returns the name at the end of a chain; the name itself where it is no alias."""
        chain = self._chain(match_key(name))
        self._used.update(chain)
        return self._next[chain[-1]][1] if chain else name

    def names(self, name):
        """Returns all names of the artist of this name, sorted; of one not in the table its own."""
        return sorted({name} | self._names.get(self._end(match_key(name)), set()))

    def unused(self):
        """Returns the aliases that `canonical` has met in no chain so far, sorted."""
        return sorted(alias for key, (alias, _) in self._next.items() if key not in self._used)

    def _end(self, key, path=None):
        chain = self._chain(key, path)
        return match_key(self._next[chain[-1]][1]) if chain else key

    def _chain(self, key, path=None):
        """Returns the keys of the rows that lead on from a name."""
        chain = []
        while key in self._next and key not in chain[-1:]:
            if key in chain:
                raise InputError(
                    f"{path}: expected aliases that lead to a name, received a circle around "
                    f"{self._next[key][0]}; remove one of its rows"
                )
            chain.append(key)
            key = match_key(self._next[key][1])
        return chain


def _read(path):
    canonical_names = {}
    for where, row in read_table(path, required=("alias", "canonical")):
        where = f"{path}, {where}"
        alias, canonical = (
            cell(row, column, where, required=True).strip() for column in ("alias", "canonical")
        )
        _, earlier = canonical_names.setdefault(match_key(alias), (alias, canonical))
        if match_key(earlier) != match_key(canonical):
            raise InputError(
                f"{where}: expected one canonical name for {alias}, received {earlier} and "
                f"{canonical}; remove one of the rows"
            )
    return canonical_names

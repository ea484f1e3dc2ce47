# cython: language_level=3
# distutils: language=c++
# distutils: extra_compile_args=-std=c++17 -ffp-contract=off
"""Compiled code behind :mod:`wuxing_nlp.model.reader`, :mod:`.machines`, :mod:`.deciding` and :mod:`.evidence`.

It decides nothing of its own: ``PlainReader`` and ``plain_product`` say in Python what the answers
are, and the tests hold this module to them. What is here only carries text and arrays across; the
work is done in ``native/*.hpp``. A reader's buffers are filled and read within one call, under the
interpreter's lock.
"""

import re

import numpy as np

from cpython.bytearray cimport PyByteArray_FromStringAndSize
from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.unicode cimport PyUnicode_GET_LENGTH, Py_UNICODE_ISSPACE
from libc.stdint cimport int8_t, int32_t, int64_t
from libcpp cimport bool as cbool
from libcpp.utility cimport move, pair
from libcpp.vector cimport vector

from wuxing_nlp.cues.find import WIDEST_GAP
from wuxing_nlp.cues.lexicon import CLAUSE_ENDS, GAP
from wuxing_nlp.model.ngrams import CHARACTER_LENGTHS, CLASS_WEIGHT
from wuxing_nlp.model.reader import Places
from wuxing_nlp.model.rows import Rows
from wuxing_nlp.text._native cimport Words
from wuxing_nlp.text.code_points cimport char32_t, code_points, fill, u32string
from wuxing_nlp.text.characters import HAN


cdef extern from "native/row.hpp" namespace "wuxing":
    cdef cppclass Spot:
        int32_t column, start, end
    cdef cppclass Row:
        Row(vector[float], size_t) except +
        void append_to(vector[int32_t]&, vector[float]&) except +
        const vector[Spot]& spots()
        vector[double] parts() except +


cdef extern from "native/ngrams.hpp" namespace "wuxing":
    cdef cppclass Ngrams:
        Ngrams(size_t, size_t, size_t, cbool (*)(char32_t) noexcept) except +
        cbool is_even()


cdef extern from "native/cues.hpp" namespace "wuxing":
    cdef cppclass Cues:
        Cues(int32_t, size_t, size_t, char32_t, int32_t, u32string) except +


cdef extern from "native/lines.hpp" namespace "wuxing":
    cbool _ascend "wuxing::ascend"(u32string)
    int64_t add_keys(Ngrams&, u32string, int32_t, cbool) except +
    void add_expressions(Cues&, u32string, size_t, int32_t) except +
    void add_cues(Cues&, u32string, u32string, int32_t) except +


cdef extern from "native/flags.hpp" namespace "wuxing":
    cdef cppclass Flags:
        Flags(int32_t, size_t, int32_t, vector[int32_t], float) except +
        void add(u32string, int32_t) except +


cdef extern from "native/reader.hpp" namespace "wuxing":
    cdef cppclass Reader:
        Reader(Ngrams, Cues, Flags, Row) except +
        void read(u32string, vector[int32_t], cbool) except +
        Row& row()


cdef extern from "native/product.hpp" namespace "wuxing":
    void _product "wuxing::product"(
        int32_t*, float*, int64_t*, size_t, const int8_t*, size_t, size_t, float*
    )


cdef extern from "native/decision.hpp" namespace "wuxing":
    cdef cppclass Sigmoid:
        Sigmoid()
        double slope, intercept, low, high
    cdef cppclass Decision:
        Decision(size_t, vector[float], vector[float], double, double, double) except +
        void add_letter(Sigmoid) except +
        void add_code(size_t, int32_t, Sigmoid, cbool) except +
        void score(int32_t*, float*, int64_t*, size_t, const int8_t*, double*) except +
        void decide(
            int32_t*, float*, int64_t*, size_t, const int8_t*, vector[int32_t]&, vector[int64_t]&
        ) except +


cdef extern from "native/evidence.hpp" namespace "wuxing":
    cdef cppclass Stretch:
        int32_t start, end
        double weight
    cdef cppclass Attribution:
        Attribution(
            const vector[Spot]&, vector[double], vector[int32_t], u32string, const int8_t*, const float*, size_t
        ) except +
        vector[Stretch] strongest(
            vector[int32_t], double, double, size_t, const vector[pair[int32_t, int32_t]]&
        ) except +


cdef vector[pair[int32_t, int32_t]] HAN_RANGES = [
    (ord(first), ord(last or first)) for first, last in re.findall("(.)(?:-(.))?", HAN)
]


cdef cbool is_space(char32_t sign) noexcept:
    return Py_UNICODE_ISSPACE(<Py_UCS4>sign)


cdef array(const void* data, size_t size, dtype):
    """A copy of ``size`` bytes as an array."""
    return np.frombuffer(PyByteArray_FromStringAndSize(<const char*>data, size), dtype)


cdef vector[float] floats(const float[:] numbers):
    cdef vector[float] copied
    cdef float number
    copied.reserve(numbers.shape[0])
    for number in numbers:
        copied.push_back(number)
    return copied


cdef size_t length(groups):
    """Characters of all strings of all groups."""
    cdef size_t total = 0
    for group in groups:
        for text in group:
            total += len(text)
    return total


cdef class NativeReader:
    """See :class:`wuxing_nlp.model.reader.PlainReader`: the same arguments, methods and answers.

    Raises:
        ValueError: the hashes of two keys of the vocabulary are equal, or those of many are near each other.
        RuntimeError: those of very many are, or the tables cannot hold the vocabulary.
    """

    cdef Reader* reader
    cdef u32string text
    cdef vector[int32_t] ends
    cdef Py_ssize_t columns

    def __init__(self, space):
        self.columns = len(space)
        words, characters, known = space.vocabularies
        rows = space.expression_rows
        names = {name: at for at, name in enumerate(sorted(dict(rows)))}
        cdef Ngrams* ngrams = new Ngrams(
            len(words), len(characters), max(CHARACTER_LENGTHS), is_space
        )
        cdef Cues* cues = new Cues(
            len(names),
            sum([length_of_expressions(name, group) for name, group in rows]),
            len(known),
            ord(GAP),
            WIDEST_GAP,
            code_points(CLAUSE_ENDS),
        )
        first_class = len(space) - len(space.classes)
        classes = {name: first_class + at for at, name in enumerate(space.classes)}
        cdef Flags* flags = new Flags(
            len(space.terms),
            length(space.terms),
            len(space.idf),
            [classes.get(name, -1) for name in names],
            CLASS_WEIGHT,
        )
        cdef Row* row = new Row(floats(space.idf), len(space))
        try:
            learn_ngrams(ngrams, space)
            learn_cues(cues, space, rows, names)
            learn_terms(flags, space)
            self.reader = new Reader(move(ngrams[0]), move(cues[0]), move(flags[0]), move(row[0]))
        finally:
            del ngrams, cues, flags, row

    def __dealloc__(self):
        del self.reader

    def rows(self, texts, segmented):
        cdef vector[int32_t] columns
        cdef vector[float] values
        cdef vector[int64_t] ends
        ends.push_back(0)
        for text, words in zip(texts, segmented, strict=True):
            self._read(text, words, False)
            self.reader.row().append_to(columns, values)
            ends.push_back(columns.size())
        return Rows(
            array(columns.data(), columns.size() * sizeof(int32_t), np.int32),
            array(values.data(), values.size() * sizeof(float), np.float32),
            array(ends.data(), ends.size() * sizeof(int64_t), np.int64),
        )

    def places(self, str text, words):
        self._read(text, words, True)
        cdef vector[double] parts = self.reader.row().parts()
        cdef const vector[Spot]* spots = &self.reader.row().spots()
        spans = array(spots.data(), spots.size() * sizeof(Spot), np.int32).reshape(-1, 3)
        return Places(*spans.T, array(parts.data(), parts.size() * sizeof(double), np.float64))

    def strongest(
        self,
        str text,
        words,
        list tags,
        const int8_t[:, ::1] weights,
        const float[::1] scales,
        double of_mean,
        double of_most,
        size_t most,
    ):
        """See :func:`wuxing_nlp.model.evidence.strongest`; ``weights`` and ``scales`` are the machines',
        the prices and ``most`` its constants."""
        if weights.shape[0] < self.columns:
            raise ValueError(f"{self.columns} features are read, and the machines weigh {weights.shape[0]}")
        cdef Py_ssize_t outputs = min(weights.shape[1], scales.shape[0])
        for tag in tags:
            if not all(0 <= output < outputs for output in tag):
                raise IndexError(f"outputs {tag} are wanted, and the machines have {outputs}")
        self._read(text, words, True)
        cdef vector[int32_t] edges = self.ends
        edges.insert(edges.begin(), 0)
        cdef Attribution* found = new Attribution(
            self.reader.row().spots(),
            self.reader.row().parts(),
            edges,
            self.text,
            &weights[0, 0],
            &scales[0],
            weights.shape[1],
        )
        try:
            return [spans(found.strongest(tag, of_mean, of_most, most, HAN_RANGES)) for tag in tags]
        finally:
            del found

    cdef void _read(self, str text, words, bint placing) except *:
        fill(self.text, text)
        if isinstance(words, Words):
            self.ends = (<Words>words).ends
        else:
            self._measure(words)
        if self.ends.size() and self.ends.back() > <Py_ssize_t>self.text.size():
            raise ValueError("the words are longer than the text; give the text's own words")
        self.reader.read(self.text, self.ends, placing)

    cdef void _measure(self, words) except *:
        cdef Py_ssize_t end = 0
        cdef str word
        self.ends.clear()
        for word in words:
            end += PyUnicode_GET_LENGTH(word)
            self.ends.push_back(end)


cdef list spans(const vector[Stretch]& found):
    return [(found[at].start, found[at].end, found[at].weight) for at in range(<Py_ssize_t>found.size())]


cdef void learn_ngrams(Ngrams* ngrams, space) except *:
    words, characters, _ = space.vocabularies
    learn_keys(ngrams, words, 0, True)
    learn_keys(ngrams, characters, len(words), False)
    if not ngrams.is_even():
        raise ValueError("the hashes of many keys are near each other; leave some of them out of the vocabulary")


cdef void learn_keys(Ngrams* ngrams, keys, int32_t first, bint are_words) except *:
    if not len(keys):
        return
    doubled = add_keys(ngrams[0], code_points(keys.text), first, are_words)
    if doubled >= 0:
        key = keys.text[doubled:].partition("\n")[0]
        raise ValueError(f"the hash of {key!r} is another key's; leave one of them out of the vocabulary")


cdef length_of_expressions(str name, str rows):
    """Characters of the expressions alone, of rows of one class."""
    before, breaks = len(name) + 1, rows.count("\n")
    return len(rows) - breaks - (breaks + 1) * before


cdef void learn_cues(Cues* cues, space, list rows, dict names) except *:
    for name, group in rows:
        add_expressions(cues[0], code_points(group), len(name) + 1, names[name])
    words, characters, known = space.vocabularies
    if names and len(known):
        add_cues(cues[0], code_points(known.text), code_points("\n".join(names)), len(words) + len(characters))


cdef void learn_terms(Flags* flags, space) except *:
    cdef int32_t letter
    for letter, terms in enumerate(space.terms):
        for term in terms:
            flags.add(code_points(term), letter)


def ascend(str text):
    """See :func:`wuxing_nlp.model.keys.plain_ascend`."""
    return _ascend(code_points(text))


def product(int32_t[::1] columns, float[::1] values, int64_t[::1] ends, const int8_t[:, ::1] weights):
    """See :func:`wuxing_nlp.model.machines.plain_product`."""
    sums = np.zeros((ends.shape[0] - 1, weights.shape[1]), dtype=np.float32)
    cdef float[:, ::1] to = sums
    if columns.shape[0] and sums.size:
        _product(
            &columns[0],
            &values[0],
            &ends[0],
            to.shape[0],
            &weights[0, 0],
            weights.shape[0],
            weights.shape[1],
            &to[0, 0],
        )
    return sums


cdef Sigmoid sigmoid(const double[:] numbers):
    cdef Sigmoid made
    made.slope, made.intercept, made.low, made.high = numbers[0], numbers[1], numbers[2], numbers[3]
    return made


cdef bytes places(const vector[int32_t]& codes, int64_t begin, int64_t end):
    return PyBytes_FromStringAndSize(<const char*>(codes.data() + begin), (end - begin) * sizeof(int32_t))


cdef class NativeDecision:
    """What :mod:`wuxing_nlp.model.deciding` makes of features, up to scores or to codes.

    Args:
        weights, scales, biases: as of :class:`wuxing_nlp.model.machines.Machines`.
        sigmoids: float64 (n_letters + n_codes, 4): slope, intercept, and the scores below and above
            which the decision on a label is certain.
        codes: for each code its letter, the output of its stance or -1, and whether it is trained.
        sure: scores of probabilities that differ for certain differ by that, where the higher one is
            above ``lowest`` and the lower one below ``highest``.
    """

    cdef Decision* decision
    cdef Py_ssize_t labels
    cdef const int8_t[:, ::1] weights

    def __init__(
        self,
        const int8_t[:, ::1] weights,
        const float[:] scales,
        const float[:] biases,
        const double[:, :] sigmoids,
        list codes,
        double sure,
        double lowest,
        double highest,
    ):
        cdef Py_ssize_t at, letters = sigmoids.shape[0] - len(codes)
        self.labels = sigmoids.shape[0]
        self.weights = weights
        self.decision = new Decision(
            weights.shape[0], floats(scales), floats(biases), sure, lowest, highest
        )
        for at in range(letters):
            self.decision.add_letter(sigmoid(sigmoids[at]))
        for at, (letter, mark, trained) in enumerate(codes, start=letters):
            self.decision.add_code(letter, mark, sigmoid(sigmoids[at]), trained)

    def __dealloc__(self):
        del self.decision

    def scores(self, int32_t[::1] columns, float[::1] values, int64_t[::1] ends):
        """Calibrated scores (n_units, n_letters + n_codes)."""
        scores = np.empty((ends.shape[0] - 1, self.labels))
        cdef double[:, ::1] to = scores
        cdef int32_t* first_column = &columns[0] if columns.shape[0] else NULL
        cdef float* first_value = &values[0] if values.shape[0] else NULL
        if to.shape[0]:
            self.decision.score(
                first_column, first_value, &ends[0], to.shape[0], &self.weights[0, 0], &to[0, 0]
            )
        return scores

    def codes(self, int32_t[::1] columns, float[::1] values, int64_t[::1] ends):
        """A unit's codes as bytes of int32; None where its probabilities are to decide."""
        cdef vector[int32_t] codes
        cdef vector[int64_t] upto
        cdef list found = []
        cdef int64_t begin = 0, end
        cdef int32_t* first_column = &columns[0] if columns.shape[0] else NULL
        cdef float* first_value = &values[0] if values.shape[0] else NULL
        self.decision.decide(
            first_column, first_value, &ends[0], ends.shape[0] - 1, &self.weights[0, 0], codes, upto
        )
        for end in upto:
            found.append(None if end < begin else places(codes, begin, end))
            begin = max(begin, end)
        return found

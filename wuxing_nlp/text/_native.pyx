# cython: language_level=3, boundscheck=False, wraparound=False
# distutils: language=c++
# distutils: extra_compile_args=-std=c++17 -ffp-contract=off
"""Compiled code behind :mod:`wuxing_nlp.text.compiled_engine`.

It cuts as jieba does, and the tests hold it to jieba. What is here only carries text across; the work
is done in ``native/*.hpp``. A cutter's buffers are filled and read within one call, under the
interpreter's lock.
"""

from cpython.unicode cimport PyUnicode_Substring

from collections.abc import Sequence

from libc.stdint cimport int32_t, int64_t
from libcpp.utility cimport move
from libcpp.vector cimport vector

from wuxing_nlp.text.code_points cimport char32_t, code_points, fill, u32string, u32string_view


cdef extern from "<array>":
    cdef cppclass Four "std::array<double, 4>":
        double& operator[](size_t)
    cdef cppclass Eight "std::array<double, 8>":
        double& operator[](size_t)


cdef extern from "native/dictionary.hpp" namespace "wuxing":
    cdef cppclass Dictionary:
        Dictionary() except +
        void add(u32string, int64_t) except +
        void add_lines(u32string) except +


cdef extern from "native/viterbi.hpp" namespace "wuxing":
    cdef cppclass Viterbi:
        Viterbi(Four, Eight, double) except +
        void learn(size_t, char32_t, double) except +


cdef extern from "native/cutter.hpp" namespace "wuxing":
    cdef cppclass _Cutter "wuxing::Cutter":
        _Cutter(Dictionary, Viterbi) except +
        const vector[int32_t]& cut(u32string) except +


cdef class Cutter:
    """Cuts as jieba's tokenizer does.

    Args:
        lines: jieba's dictionary file.
        frequencies: words that are added to it, in this order, with their frequencies.
        hmm: the model for what the dictionary leaves over.

    Raises:
        ValueError: a line holds no word with a frequency.
    """

    cdef _Cutter* cutter
    cdef u32string text

    def __init__(self, str lines not None, frequencies, hmm):
        cdef Dictionary* dictionary = new Dictionary()
        cdef Viterbi* viterbi = NULL
        try:
            dictionary.add_lines(code_points(lines))
            for word, frequency in frequencies.items():
                dictionary.add(code_points(word), frequency)
            viterbi = viterbi_of(hmm)
            self.cutter = new _Cutter(move(dictionary[0]), move(viterbi[0]))
        finally:
            del dictionary, viterbi

    def __dealloc__(self):
        del self.cutter

    def cut(self, str text not None):
        """The :class:`Words` of a text."""
        cdef Words words = Words.__new__(Words)
        fill(self.text, text)
        words.text = text
        words.ends = self.cutter.cut(self.text)
        return words


cdef class Words:
    """The words of a text, each made when it is asked for; their concatenation is the text."""

    def __len__(self):
        return self.ends.size()

    def __getitem__(self, Py_ssize_t at):
        if not 0 <= at < <Py_ssize_t>self.ends.size():
            raise IndexError(f"there is no word {at}")
        return PyUnicode_Substring(self.text, self.ends[at - 1] if at else 0, self.ends[at])


Sequence.register(Words)


cdef Viterbi* viterbi_of(hmm) except *:
    cdef Four start
    cdef Eight moves
    cdef size_t at
    cdef Viterbi* viterbi
    for at, score in enumerate(hmm.start):
        start[at] = <double>score
    for at, score in enumerate(hmm.moves):
        moves[at] = <double>score
    viterbi = new Viterbi(start, moves, hmm.floor)
    for at, known in enumerate(hmm.emit):
        for character, score in known.items():
            viterbi.learn(at, ord(character), score)
    return viterbi

# cython: language_level=3, boundscheck=False, wraparound=False
# distutils: language=c++
# distutils: extra_compile_args=-std=c++17 -ffp-contract=off
"""Compiled code behind :mod:`wuxing_nlp.text.compiled_engine` and :mod:`wuxing_nlp.text.plain`.

It cuts as jieba does and simplifies as :mod:`wuxing_nlp.text.script` does, and the tests hold it to them.
What is here only carries text across; the work is done in ``native/*.hpp``. A cutter's buffers are
filled and read within one call, under the interpreter's lock.
"""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_Substring

from collections.abc import Sequence

from libc.stdint cimport int32_t, int64_t
from libcpp.string cimport string
from libcpp.utility cimport move
from libcpp.vector cimport vector

from wuxing_nlp.text.code_points cimport char32_t, code_points, fill, u32string


cdef extern from "<array>":
    cdef cppclass Four "std::array<double, 4>":
        double& operator[](size_t)
    cdef cppclass Eight "std::array<double, 8>":
        double& operator[](size_t)


cdef extern from "native/dictionary.hpp" namespace "wuxing":
    cdef cppclass Dictionary:
        Dictionary(size_t) except +
        void add(u32string, int64_t) except +
        void add_lines(u32string) except +


cdef extern from "native/utf8.hpp" namespace "wuxing":
    u32string decoded(string) except +


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
        lines: the content of jieba's dictionary file, in UTF-8.
        frequencies: words that are added to it, in this order, with their frequencies.
        hmm: the model for what the dictionary leaves over.

    Raises:
        ValueError: it is not UTF-8, or a line holds no word with a frequency.
        IndexError, RuntimeError: its words are too long or too many.
    """

    cdef _Cutter* cutter
    cdef u32string text

    def __init__(self, bytes lines not None, frequencies, hmm):
        cdef u32string points = decoded(lines)
        cdef Dictionary* dictionary = new Dictionary(points.size())
        cdef Viterbi* viterbi = NULL
        try:
            dictionary.add_lines(points)
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


cdef extern from *:
    """
    #include <string>
    #include <string_view>
    """
    ctypedef unsigned short char16_t
    cdef cppclass u16string "std::u16string":
        u16string()
        u16string(const unsigned char*, const unsigned char*) except +
        const char16_t* data()
        void push_back(char16_t) except +
        size_t size()
    cdef cppclass u16string_view "std::u16string_view":
        u16string_view()
        u16string_view(const char16_t*, size_t)
        bint operator==(u16string_view)
    object PyUnicode_FromKindAndData(int, const void*, Py_ssize_t)


cdef extern from "native/plain.hpp" namespace "wuxing":
    cdef enum Verdict "wuxing::PlainTexts::Verdict":
        done "wuxing::PlainTexts::Verdict::done"
        words "wuxing::PlainTexts::Verdict::words"
        more "wuxing::PlainTexts::Verdict::more"
    cdef cppclass PlainTexts:
        PlainTexts() except +
        void mark(char16_t, char16_t, int)
        void convert(char16_t, char16_t)
        void add_phrase(u16string, u16string) except +
        void add_word(u16string, u16string) except +
        Verdict read(u16string_view, u16string&) except +


cdef u16string near_characters(str text) except *:
    cdef u16string characters
    for character in text:
        characters.push_back(ord(character))
    return characters


cdef class Simplifier:
    """See :class:`wuxing_nlp.text.plain.Tables`, which it is made of."""

    cdef PlainTexts texts

    def __init__(self, tables):
        cdef str first, last, old, new
        cdef int kind
        for kind, ranges in enumerate(tables.kinds):
            for first, last in ranges:
                self.texts.mark(ord(first), ord(last), 1 << kind)
        for old, new in tables.characters.items():
            self.texts.convert(ord(old), ord(new))
        for old, new in tables.phrases.items():
            self.texts.add_phrase(near_characters(old), near_characters(new))
        for old, new in tables.words.items():
            self.texts.add_word(near_characters(old), near_characters(new))

    def simplify(self, str text not None):
        """See :func:`wuxing_nlp.text.plain.simplify`."""
        cdef u16string made, wide
        cdef u16string_view view
        cdef Verdict verdict
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text)
        cdef const unsigned char* data = <const unsigned char*>PyUnicode_DATA(text)
        if PyUnicode_KIND(text) == 4:
            return None
        if PyUnicode_KIND(text) == 1:
            wide = u16string(data, data + length)
            view = u16string_view(wide.data(), wide.size())
        else:
            view = u16string_view(<const char16_t*>data, length)
        verdict = self.texts.read(view, made)
        if verdict == more:
            return None
        if view == u16string_view(made.data(), made.size()):
            return text, verdict == words
        return PyUnicode_FromKindAndData(2, made.data(), made.size()), verdict == words

# cython: language_level=3, boundscheck=False, wraparound=False
# distutils: language=c++
# distutils: extra_compile_args=-std=c++17
"""Compiled code behind :mod:`wuxing_nlp.text.finalseg` and :mod:`wuxing_nlp.text.rjieba_engine`.

It decides nothing of its own: what each function does is written in Python there, and the tests hold
this module to it. Probabilities are added in the same order, so that they are equal to the last digit.
"""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ, PyUnicode_Substring
from libc.stdint cimport int32_t
from libcpp.vector cimport vector


cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(object)


cdef struct Scores:
    double b, m, e, s


cdef struct Step:
    # Where the path of each state was before: the number of its last word's end.
    int32_t b, m, e, s


cdef Scores scores_of(values) except *:
    b, m, e, s = values
    return Scores(b, m, e, s)


cdef class Viterbi:
    """See :meth:`wuxing_nlp.text.finalseg.Finalseg.han`.

    Args:
        start: log-probabilities of the four states at the beginning.
        moves: those of the eight moves, in the order BM BE MM ME EB ES SB SS.
        emit: those of the characters that each of the states knows.
        floor: that of a character that a state does not know.
    """

    cdef Scores start
    cdef double bm, be, mm, me, eb, es, sb, ss
    cdef vector[Scores] emit
    cdef vector[int32_t] place  # of a character of the basic plane in ``emit``; 0 for the unknown ones

    def __init__(self, start, moves, emit, double floor):
        cdef int32_t state, character
        self.start = scores_of(start)
        self.bm, self.be, self.mm, self.me, self.eb, self.es, self.sb, self.ss = moves
        self.emit.push_back(Scores(floor, floor, floor, floor))
        self.place.resize(0x10000, 0)
        for state, known in enumerate(emit):
            for key, score in known.items():
                character = ord(key)
                if self.place[character] == 0:
                    self.place[character] = self.emit.size()
                    self.emit.push_back(self.emit[0])
                (&self.emit[self.place[character]].b)[state] = score

    cdef inline Scores emitted(self, str run, Py_ssize_t at) noexcept:
        cdef Py_UCS4 c = PyUnicode_READ(PyUnicode_KIND(run), PyUnicode_DATA(run), at)
        return self.emit[self.place[<int32_t>c] if <int32_t>c < 0x10000 else 0]

    def words(self, str run not None):
        """The words of a run of Han, which is not empty."""
        cdef Py_ssize_t at, length = PyUnicode_GET_LENGTH(run)
        cdef vector[int32_t] before, ends  # the chain of word ends: the entry before, and the end
        cdef Scores to = self.emitted(run, 0), now, new
        cdef Step path = Step(-1, -1, 0, 0), step
        before.push_back(-1)
        ends.push_back(1)
        now = Scores(self.start.b + to.b, self.start.m + to.m, self.start.e + to.e, self.start.s + to.s)
        for at in range(1, length):
            to = self.emitted(run, at)
            step = self.advance(&now, &to, &path)
            before.push_back(step.e)
            before.push_back(step.s)
            ends.push_back(at + 1)
            ends.push_back(at + 1)
            path = Step(step.b, step.m, ends.size() - 2, ends.size() - 1)
        return cut(run, before, ends, path.e if now.e > now.s else path.s)

    cdef Step advance(self, Scores* now, Scores* to, Step* path) noexcept:
        cdef Step step
        cdef double b_of_e = now.e + self.eb + to.b, b_of_s = now.s + self.sb + to.b
        cdef double m_of_b = now.b + self.bm + to.m, m_of_m = now.m + self.mm + to.m
        cdef double e_of_b = now.b + self.be + to.e, e_of_m = now.m + self.me + to.e
        cdef double s_of_e = now.e + self.es + to.s, s_of_s = now.s + self.ss + to.s
        step.b, now.b = (path.e, b_of_e) if b_of_e > b_of_s else (path.s, b_of_s)
        step.m, now.m = (path.b, m_of_b) if m_of_b > m_of_m else (path.m, m_of_m)
        step.e, now.e = (path.b, e_of_b) if e_of_b > e_of_m else (path.m, e_of_m)
        step.s, now.s = (path.e, s_of_e) if s_of_e > s_of_s else (path.s, s_of_s)
        return step


cdef list cut(str run, const vector[int32_t]& before, const vector[int32_t]& ends, int32_t last):
    cdef list words = []
    cdef int32_t start
    while last >= 0:
        start = ends[before[last]] if before[last] >= 0 else 0
        words.append(PyUnicode_Substring(run, start, ends[last]))
        last = before[last]
    words.reverse()
    return words


cdef inline bint is_han(Py_UCS4 c) noexcept:
    return 0x4E00 <= <int32_t>c <= 0x9FD5


cdef inline bint is_ascii_of_words(Py_UCS4 c) noexcept:
    cdef int32_t code = <int32_t>c
    return 97 <= (code | 32) <= 122 or 48 <= code <= 57 or (code < 128 and c in "+#&._%-")


def join_leftovers(tokens, is_word, leftovers, Viterbi viterbi not None):
    """See :func:`wuxing_nlp.text.rjieba_engine.join_leftovers`; runs of Han alone never ask ``leftovers``."""
    cdef list words = []
    cdef str token, run = ""
    for token in tokens:
        if PyUnicode_GET_LENGTH(token) == 1 or (PyUnicode_IS_ASCII(token) and not is_word(token)):
            run += token  # in its place: copied for every token, a long run would take quadratic time
            continue
        if run:
            add_run(words, run, is_word, leftovers, viterbi)
            run = ""
        words.append(token)
    if run:
        add_run(words, run, is_word, leftovers, viterbi)
    return words


cdef void add_run(list words, str run, is_word, leftovers, Viterbi viterbi) except *:
    cdef Py_ssize_t start = 0, end, length = PyUnicode_GET_LENGTH(run)
    cdef bint pure
    while start < length:
        end, pure = start, True
        while end < length and (is_han(run[end]) or is_ascii_of_words(run[end])):
            pure = pure and is_han(run[end])
            end += 1
        if end > start:
            add_block(words, run[start:end], pure, is_word, leftovers, viterbi)
        else:
            end = start + (2 if run[start : start + 2] == "\r\n" else 1)
            words.append(run[start:end])
        start = end


cdef void add_block(list words, str block, bint pure, is_word, leftovers, Viterbi viterbi) except *:
    if not pure:
        words += leftovers[block]
    elif PyUnicode_GET_LENGTH(block) == 1:
        words.append(block)
    elif is_word(block):
        words += block
    else:
        words += viterbi.words(block)

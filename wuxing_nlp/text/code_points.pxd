# cython: language_level=3
"""Python's strings as C++'s, for the compiled code of all rooms."""

from cpython.unicode cimport PyUnicode_AsUCS4, PyUnicode_GET_LENGTH


cdef extern from *:
    """
    #include <string>
    #include <string_view>
    """
    ctypedef int char32_t
    cdef cppclass u32string "std::u32string":
        u32string()
        char32_t* data()
        void resize(size_t) except +
        size_t size()


cdef inline void fill(u32string& to, str text) except *:
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text)
    to.resize(length)
    if length and PyUnicode_AsUCS4(text, <Py_UCS4*>to.data(), length, 0) == NULL:
        raise MemoryError(f"no room for a text of {length} characters")


cdef inline u32string code_points(str text) except *:
    cdef u32string points
    fill(points, text)
    return points

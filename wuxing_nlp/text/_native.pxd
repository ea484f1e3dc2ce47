# cython: language_level=3
"""What the compiled code of other rooms may ask of words without making them."""

from libc.stdint cimport int32_t
from libcpp.vector cimport vector


cdef class Words:
    cdef str text
    cdef vector[int32_t] ends  # where each word ends

# Whole numbers and decimals of a text without its own end, read to the last bit.

from libc.math cimport NAN
from libc.stdint cimport int64_t

cdef enum:
    LONGEST = 15

cdef double* POWERS = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]


cdef inline int64_t whole(const char* text, Py_ssize_t size) noexcept nogil:
    """Return a whole number of 1 to 15 digits, -1 for any other text."""
    cdef int64_t value = 0
    cdef Py_ssize_t i
    if size < 1 or size > LONGEST:
        return -1
    for i in range(size):
        if text[i] < 48 or text[i] > 57:
            return -1
        value = 10 * value + (text[i] - 48)
    return value


cdef int number(const char* text, Py_ssize_t size, double* out) noexcept nogil:
    """Read a number that rounds once; return 0 for any other text."""
    cdef int64_t mantissa = 0
    cdef int digits = 0, behind = 0, seen_point = 0, exponent = 0, power = 0, sign = 1, count = 0
    cdef int negative = 0
    cdef Py_ssize_t i = 0
    out[0] = NAN
    if size > 0 and text[0] == c"-":
        negative = 1
        i = 1
    while i < size:
        if 48 <= text[i] <= 57:
            digits += 1
            if digits > LONGEST:
                return 0
            behind += seen_point
            mantissa = 10 * mantissa + (text[i] - 48)
        elif text[i] == c"." and not seen_point:
            seen_point = 1
        else:
            break
        i += 1
    if digits == 0:
        return 0
    if i < size:
        if text[i] != c"e" and text[i] != c"E":
            return 0
        i += 1
        if i < size and (text[i] == c"-" or text[i] == c"+"):
            sign = -1 if text[i] == c"-" else 1
            i += 1
        while i < size:
            if text[i] < 48 or text[i] > 57 or count == 3:
                return 0
            exponent = 10 * exponent + (text[i] - 48)
            count += 1
            i += 1
        if count == 0:
            return 0
    power = sign * exponent - behind
    if power < -22 or power > 22:
        return 0
    out[0] = mantissa / POWERS[-power] if power < 0 else mantissa * POWERS[power]
    if negative:
        out[0] = -out[0]
    return 1

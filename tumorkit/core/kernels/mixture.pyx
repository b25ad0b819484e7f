# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, embedsignature=False
"""Search for the components of a mixture, compiled; see ``mixture_python`` for what it does."""

from libc.math cimport fabs, lgamma, log, sqrt
from libc.stdint cimport int16_t, int64_t, uint64_t
from libc.stdlib cimport free, malloc

import numpy as np

cdef enum:
    MOST = 16
    STEPS = 100
    ROOM = 4096
    SLOTS = 16384
cdef double LOG_2PI = 1.8378770664093453


cdef struct Model:
    uint64_t mark
    double score
    int size
    int grown
    int members[MOST]
    double weights[MOST]


cdef struct Case:
    int channels
    int components
    int most
    int models
    double total
    double alpha
    double *counts
    double *table
    double *odds
    double *bonds
    double *fitted
    double *hessian
    double *gains
    uint64_t *marks
    Model *found
    int *slots


cdef bint solve(double *matrix, double *vector, int size, double *logdet) noexcept nogil:
    """Cholesky in place; the vector becomes the solution, ``logdet`` the determinant's log."""
    cdef int i, j, k
    cdef double s
    logdet[0] = 0.0
    for j in range(size):
        s = matrix[j * MOST + j]
        for k in range(j):
            s -= matrix[j * MOST + k] * matrix[j * MOST + k]
        if s <= 0.0:
            return False
        s = sqrt(s)
        matrix[j * MOST + j] = s
        logdet[0] += 2.0 * log(s)
        for i in range(j + 1, size):
            s = matrix[i * MOST + j]
            for k in range(j):
                s -= matrix[i * MOST + k] * matrix[j * MOST + k]
            matrix[i * MOST + j] = s / matrix[j * MOST + j]
    for i in range(size):
        s = vector[i]
        for k in range(i):
            s -= matrix[i * MOST + k] * vector[k]
        vector[i] = s / matrix[i * MOST + i]
    for i in range(size - 1, -1, -1):
        s = vector[i]
        for k in range(i + 1, size):
            s -= matrix[k * MOST + i] * vector[k]
        vector[i] = s / matrix[i * MOST + i]
    return True


cdef void mix(Case *case, Model *model) noexcept nogil:
    cdef int c, i
    cdef double w
    cdef double *row
    for c in range(case.channels):
        case.fitted[c] = 0.0
    for i in range(model.size):
        w = model.weights[i]
        row = case.table + model.members[i] * case.channels
        for c in range(case.channels):
            case.fitted[c] += w * row[c]


cdef void fit(Case *case, Model *model) noexcept nogil:
    """Weights at the mode, by Newton's method from those given, and the evidence there."""
    cdef int size = model.size, i, j, c, step
    cdef double weight_sum = case.total + case.alpha * size
    cdef double gradient[MOST]
    cdef double slope[MOST]
    cdef double logdet = 0.0, ratio, s, t, decrement, value
    cdef double *a
    cdef double *b
    cdef double *h = case.hessian
    for step in range(STEPS):
        mix(case, model)
        for c in range(case.channels):
            case.gains[c] = case.counts[c] / case.fitted[c]
        for i in range(size):
            a = case.table + model.members[i] * case.channels
            s = 0.0
            for c in range(case.channels):
                s += case.gains[c] * a[c]
            gradient[i] = s + case.alpha / model.weights[i] - weight_sum
            slope[i] = gradient[i]
        for c in range(case.channels):
            case.gains[c] /= case.fitted[c]
        for i in range(size):
            a = case.table + model.members[i] * case.channels
            for j in range(i + 1):
                b = case.table + model.members[j] * case.channels
                s = 0.0
                for c in range(case.channels):
                    s += case.gains[c] * a[c] * b[c]
                h[i * MOST + j] = s
            h[i * MOST + i] += case.alpha / (model.weights[i] * model.weights[i])
        if not solve(h, gradient, size, &logdet):
            break
        decrement = 0.0
        for i in range(size):
            decrement += slope[i] * gradient[i]
        # The damped step of Newton's method, which climbs from anywhere (Nesterov 1994).
        t = 1.0 if decrement < 0.0625 else 1.0 / (1.0 + sqrt(decrement))
        for i in range(size):
            ratio = gradient[i] / model.weights[i]
            if ratio < 0.0:
                t = min(t, -0.9 / ratio)
        for i in range(size):
            model.weights[i] += t * gradient[i]
        if decrement < 1e-10:
            break
    mix(case, model)
    value = lgamma(case.alpha * size) - size * lgamma(case.alpha)
    value += 0.5 * (size - 1) * LOG_2PI - 0.5 * (logdet - log(weight_sum))
    for c in range(case.channels):
        value += case.counts[c] * log(case.fitted[c])
    for i in range(size):
        value += (case.alpha - 1.0) * log(model.weights[i]) + case.odds[model.members[i]]
        for j in range(i):
            value += case.bonds[model.members[i] * case.components + model.members[j]]
    model.score = value


cdef int place(Case *case, Model *model) noexcept nogil:
    """Fit a set of components once; return its number, or -1 where there is no room left."""
    cdef int slot = <int>(model.mark & <uint64_t>(SLOTS - 1))
    cdef int number
    while case.slots[slot] >= 0:
        number = case.slots[slot]
        if case.found[number].mark == model.mark:
            return number
        slot = (slot + 1) & (SLOTS - 1)
    if case.models >= ROOM:
        return -1
    fit(case, model)
    number = case.models
    case.found[number] = model[0]
    case.found[number].grown = 0
    case.slots[slot] = number
    case.models += 1
    return number


cdef void dropped(Case *case, Model *model, int at, Model *less) noexcept nogil:
    cdef int i, j = 0
    cdef double left = 1.0 - model.weights[at]
    less.size = model.size - 1
    less.mark = model.mark ^ case.marks[model.members[at]]
    for i in range(model.size):
        if i != at:
            less.members[j] = model.members[i]
            less.weights[j] = max(model.weights[i] / max(left, 1e-3), 1e-4)
            j += 1


cdef void added(Case *case, Model *model, int component, double share, Model *more) noexcept nogil:
    cdef int i
    cdef int at = 0
    while at < model.size and model.members[at] < component:
        at += 1
    more.size = model.size + 1
    more.mark = model.mark ^ case.marks[component]
    for i in range(model.size):
        more.members[i + (i >= at)] = model.members[i]
        more.weights[i + (i >= at)] = model.weights[i] * (1.0 - share)
    more.members[at] = component
    more.weights[at] = share


cdef void grow(Case *case, int number, int wide, double *promise, double *shares) noexcept nogil:
    """Fit the ``wide`` most promising sets with one component more."""
    cdef Model model = case.found[number]
    cdef Model more
    cdef int k, c, i, best, tries
    cdef double first, second, d, s
    cdef double *row
    if model.size >= case.most:
        return
    mix(case, &model)
    for c in range(case.channels):
        case.gains[c] = 1.0 / case.fitted[c]
    for k in range(case.components):
        row = case.table + k * case.channels
        first, second = 0.0, 0.0
        for c in range(case.channels):
            d = row[c] * case.gains[c] - 1.0
            s = case.counts[c] * d
            first += s
            second += s * d
        promise[k] = -1e300
        shares[k] = 0.05
        if first > 0.0 and second > 0.0:
            # A step of Newton's method from a share of nothing, which overstates no large gain.
            shares[k] = min(max(first / second, 0.01), 0.5)
            promise[k] = 0.5 * first * first / second
        elif first <= 0.0:
            promise[k] = first
        if case.odds[k] < -1e200:
            promise[k] = -1e300
        else:
            promise[k] += case.odds[k]
            for i in range(model.size):
                promise[k] += case.bonds[k * case.components + model.members[i]]
    for i in range(model.size):
        promise[model.members[i]] = -1e300
    for tries in range(wide):
        best = 0
        for k in range(1, case.components):
            if promise[k] > promise[best]:
                best = k
        if promise[best] <= -1e299:
            break
        added(case, &model, best, shares[best], &more)
        promise[best] = -1e300
        place(case, &more)


cdef void around(
    Case *case, int number, int wide, int swaps, double *promise, double *shares
) noexcept nogil:
    """Fit the sets that differ from one by a component: more, fewer, another."""
    cdef Model model = case.found[number]
    cdef Model less
    cdef int at, other
    grow(case, number, wide, promise, shares)
    if model.size < 2:
        return
    for at in range(model.size):
        dropped(case, &model, at, &less)
        other = place(case, &less)
        if other >= 0 and swaps > 0:
            grow(case, other, swaps, promise, shares)


cdef int best_ungrown(Case *case, double window) noexcept nogil:
    """Return the best set whose surroundings are not yet fitted, -1 where none is near the best."""
    cdef int number, best = -1
    cdef double top = -1e300
    for number in range(case.models):
        top = max(top, case.found[number].score)
        if not case.found[number].grown and (
            best < 0 or case.found[number].score > case.found[best].score
        ):
            best = number
    if best >= 0 and case.found[best].score < top - window:
        return -1
    return best


cdef void all_single(Case *case) noexcept nogil:
    cdef Model model
    cdef int k
    for k in range(case.components):
        if case.odds[k] > -1e200:
            model.size = 1
            model.mark = case.marks[k]
            model.members[0] = k
            model.weights[0] = 1.0
            place(case, &model)


cdef void search(
    Case *case, const int64_t[::1] start, int expansions, double window, int wide, int swaps,
    double *promise, double *shares
) noexcept nogil:
    """Fit sets of components from the start on, best first."""
    cdef Model model
    cdef int i, number, rounds
    case.models = 0
    for i in range(SLOTS):
        case.slots[i] = -1
    if start.shape[0] == 0:
        all_single(case)
    else:
        model.size = <int>start.shape[0]
        model.mark = 0
        for i in range(model.size):
            model.members[i] = <int>start[i]
            model.weights[i] = 1.0 / model.size
            model.mark ^= case.marks[model.members[i]]
        place(case, &model)
    for rounds in range(case.most + expansions):
        number = best_ungrown(case, window)
        if number < 0:
            break
        case.found[number].grown = 1
        around(case, number, wide, swaps, promise, shares)


cdef int take_best(Case *case) noexcept nogil:
    """Return the best set that was not yet taken, -1 where all were."""
    cdef int k, best = -1
    for k in range(case.models):
        if case.found[k].grown < 2 and (
            best < 0 or case.found[k].score > case.found[best].score
        ):
            best = k
    if best >= 0:
        case.found[best].grown = 2
    return best


cdef int compressed(Case *case, const double[::1] counts, const double[:, ::1] table) noexcept nogil:
    """Keep the channels that have counts; return how many."""
    cdef int used = 0, c, k
    case.total = 0.0
    for c in range(<int>counts.shape[0]):
        if counts[c] > 0.0:
            case.counts[used] = counts[c]
            case.total += counts[c]
            used += 1
    case.channels = used
    for k in range(case.components):
        used = 0
        for c in range(<int>counts.shape[0]):
            if counts[c] > 0.0:
                case.table[k * case.channels + used] = table[k, c]
                used += 1
    return case.channels


def search_mixtures(
    const double[:, ::1] counts,
    const double[:, ::1] table,
    const double[:, ::1] odds,
    const double[:, ::1] bonds,
    const int64_t[::1] start,
    double alpha,
    int most,
    int keep,
    int expansions,
    double window,
    int wide,
    int swaps,
):
    """See :func:`tumorkit.core.kernels.mixture_python.search_mixtures`."""
    cdef int samples = <int>counts.shape[0], components = <int>table.shape[0]
    cdef int channels = <int>table.shape[1]
    cdef Case case
    cdef int n, k, i, best
    cdef uint64_t mark = 88172645463325252
    most = min(most, MOST - 1)
    members_out = np.full((samples, keep, most), -1, dtype=np.int16)
    weights_out = np.zeros((samples, keep, most))
    scores_out = np.full((samples, keep), -np.inf)
    cdef int16_t[:, :, ::1] members = members_out
    cdef double[:, :, ::1] weights = weights_out
    cdef double[:, ::1] scores = scores_out
    cdef double *work = <double *>malloc(
        sizeof(double) * (channels * (components + 3) + MOST * MOST + components * (components + 3))
    )
    case.marks = <uint64_t *>malloc(sizeof(uint64_t) * components)
    case.found = <Model *>malloc(sizeof(Model) * ROOM)
    case.slots = <int *>malloc(sizeof(int) * SLOTS)
    if not work or not case.marks or not case.found or not case.slots:
        free(work)
        free(case.marks)
        free(case.found)
        free(case.slots)
        raise MemoryError
    case.components = components
    case.most = most
    case.alpha = alpha
    case.table = work
    case.counts = case.table + channels * components
    case.fitted = case.counts + channels
    case.gains = case.fitted + channels
    case.hessian = case.gains + channels
    case.odds = case.hessian + MOST * MOST
    case.bonds = case.odds + components
    cdef double *promise = case.bonds + components * components
    cdef double *shares = promise + components
    for k in range(components):
        # xorshift64 (Marsaglia 2003): sets are told apart by the XOR of their members' marks.
        mark ^= mark << 13
        mark ^= mark >> 7
        mark ^= mark << 17
        case.marks[k] = mark
        for i in range(components):
            case.bonds[k * components + i] = bonds[k, i]
    with nogil:
        for n in range(samples):
            for k in range(components):
                case.odds[k] = odds[n, k]
            if not compressed(&case, counts[n], table):
                continue
            search(&case, start, expansions, window, wide, swaps, promise, shares)
            for i in range(keep):
                best = take_best(&case)
                if best < 0:
                    break
                scores[n, i] = case.found[best].score
                for k in range(case.found[best].size):
                    members[n, i, k] = <int16_t>case.found[best].members[k]
                    weights[n, i, k] = case.found[best].weights[k]
    free(work)
    free(case.marks)
    free(case.found)
    free(case.slots)
    return members_out, weights_out, scores_out

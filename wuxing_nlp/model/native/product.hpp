// Sparse rows times 8-bit weights.
#pragma once

#include <cstddef>
#include <cstdint>

#include "table.hpp"

// With wider registers where the processor has them; the results are the same to the bit, for which
// products and sums must be rounded one by one (-ffp-contract=off).
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__)
#define WUXING_WIDE __attribute__((target_clones("avx512f", "avx2", "default"), optimize("no-fast-math")))
#else
#define WUXING_WIDE
#endif

namespace wuxing {

inline constexpr std::int64_t ahead = 12;  // rows of weights that are fetched before they are needed

// ``sums`` (units, outputs) begins as zeros; ``weights`` is (features, outputs).
WUXING_WIDE static void product(const std::int32_t* columns, const float* values, const std::int64_t* ends,
                                std::size_t units, const std::int8_t* weights, std::size_t outputs, float* sums) {
    for (std::size_t unit = 0; unit < units; ++unit, sums += outputs)
        for (std::int64_t at = ends[unit]; at < ends[unit + 1]; ++at) {
            if (at + ahead < ends[units]) fetch(weights + columns[at + ahead] * outputs);
            const std::int8_t* row = weights + columns[at] * outputs;
            for (std::size_t output = 0; output < outputs; ++output) sums[output] += values[at] * row[output];
        }
}

}  // namespace wuxing

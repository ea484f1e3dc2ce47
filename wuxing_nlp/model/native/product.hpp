// Sparse rows times 8-bit weights.
#pragma once

#include <algorithm>
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
inline constexpr std::size_t lanes = 48;   // outputs that are summed together: a number that registers divide

// ``sums`` is (units, outputs), ``weights`` (features, outputs). All lanes are summed where a row has fewer
// outputs too: what the next row's weights add is left out of the sums. The last rows are copied first.
WUXING_WIDE static void product(const std::int32_t* columns, const float* values, const std::int64_t* ends,
                                std::size_t units, const std::int8_t* weights, std::size_t features,
                                std::size_t outputs, float* sums) {
    const std::int8_t* const stop = weights + features * outputs;
    for (std::size_t unit = 0; unit < units; ++unit, sums += outputs)
        for (std::size_t first = 0; first < outputs; first += lanes) {
            const std::size_t some = std::min(lanes, outputs - first);
            float added[lanes] = {};
            std::int8_t copy[lanes] = {};
            for (std::int64_t at = ends[unit]; at < ends[unit + 1]; ++at) {
                if (at + ahead < ends[units]) {  // a row lies in one line of the cache or in two
                    const std::int8_t* const next = weights + columns[at + ahead] * outputs + first;
                    fetch(next);
                    fetch(next + some - 1);
                }
                const std::int8_t* row = weights + columns[at] * outputs + first;
                if (static_cast<std::size_t>(stop - row) < lanes) row = std::copy_n(row, some, copy) - some;
                const float value = values[at];
                for (std::size_t lane = 0; lane < lanes; ++lane) added[lane] += value * row[lane];
            }
            std::copy_n(added, some, sums + first);
        }
}

}  // namespace wuxing

// The stretches of words that speak for a tag.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace wuxing {

struct Stretch {
    std::int32_t start, end;
    double weight;
};

// What every word adds to a score: parts lie on the characters from ``starts`` to ``ends``, words
// between ``edges``.
inline std::vector<double> by_word(const std::vector<std::int32_t>& starts, const std::vector<std::int32_t>& ends,
                                   const std::vector<double>& parts, const std::vector<std::int32_t>& edges,
                                   std::size_t length) {
    std::vector<double> begun(length + 1), ended(length + 1), upto(length + 1);
    for (std::size_t at = 0; at < parts.size(); ++at) {
        begun[starts[at]] += parts[at];
        ended[ends[at]] += parts[at];
    }
    double level = 0;
    for (std::size_t at = 0; at < length; ++at) {
        level += begun[at] - ended[at];
        upto[at + 1] = upto[at] + level;
    }
    std::vector<double> sums;
    for (std::size_t word = 0; word + 1 < edges.size(); ++word)
        sums.push_back(upto[edges[word + 1]] - upto[edges[word]]);
    return sums;
}

// What a word costs a stretch.
inline double price(const std::vector<double>& sums, double of_mean, double of_most) {
    double said = 0, most = 0;
    std::size_t count = 0;
    for (double sum : sums)
        if (sum > 0) {
            said += sum;
            most = std::max(most, sum);
            ++count;
        }
    return count ? std::min(of_mean * said / static_cast<double>(count), of_most * most) : 0;
}

// All maximal scoring subsequences of the sums less a price a word (Ruzzo & Tompa 1999), as stretches.
inline std::vector<Stretch> maximal(const std::vector<double>& sums, double cost,
                                    const std::vector<std::int32_t>& edges) {
    struct Run {
        std::size_t first, last;
        double before, total;
        std::ptrdiff_t below;  // the nearest run below with a smaller sum before it
    };
    std::vector<Run> runs;
    double total = 0;
    for (std::size_t at = 0; at < sums.size(); ++at) {
        Run run{at, at, total, total + (sums[at] - cost), static_cast<std::ptrdiff_t>(runs.size()) - 1};
        total = run.total;
        if (sums[at] - cost <= 0) continue;
        while (true) {
            while (run.below >= 0 && runs[run.below].before >= run.before) run.below = runs[run.below].below;
            if (run.below < 0 || runs[run.below].total >= run.total) break;
            const Run joined = runs[run.below];
            runs.resize(run.below);
            run.first = joined.first;
            run.before = joined.before;
            run.below = joined.below;
        }
        runs.push_back(run);
    }
    std::vector<Stretch> found;
    for (const Run& run : runs) {
        double weight = 0;
        for (std::size_t at = run.first; at <= run.last; ++at) weight += sums[at];
        found.push_back({edges[run.first], edges[run.last + 1], weight});
    }
    return found;
}

}  // namespace wuxing

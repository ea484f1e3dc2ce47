// The stretches of words that speak for a tag.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "row.hpp"

namespace wuxing {

struct Stretch {
    std::int32_t start, end;
    double weight;
};

// What every word adds to a score: ``parts`` lie on the characters of the ``spots``; ``edges`` are where
// words begin, and the last one's end.
inline std::vector<double> by_word(const std::vector<Spot>& spots, const std::vector<double>& parts,
                                   const std::vector<std::int32_t>& edges, std::size_t length) {
    std::vector<double> begun(length + 1), ended(length + 1);
    for (std::size_t at = 0; at < spots.size(); ++at) {
        begun[spots[at].start] += parts[at];
        ended[spots[at].end] += parts[at];
    }
    std::vector<double>& upto = ended;  // each place is read before it is written
    double level = 0, total = 0;
    for (std::size_t at = 0; at < length; ++at) {
        level += begun[at] - ended[at];
        upto[at] = total;
        total += level;
    }
    upto[length] = total;
    std::vector<double> sums;
    sums.reserve(edges.size());
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

// First and last of the characters of a range.
using Range = std::pair<std::int32_t, std::int32_t>;

// One unit's features at their places, ready to be weighed for any tag.
class Attribution {
public:
    // ``weights`` (features, outputs) and ``scales`` (outputs,) are the machines'; ``parts`` the spots'.
    Attribution(const std::vector<Spot>& spots, std::vector<double> parts, std::vector<std::int32_t> edges,
                std::u32string_view text, const std::int8_t* weights, const float* scales, std::size_t outputs)
        : spots_(spots), parts_(std::move(parts)), edges_(std::move(edges)), text_(text), weights_(weights),
          scales_(scales), outputs_(outputs) {}

    // The stretches that speak for a tag, the machines of some ``outputs`` added up: strongest first, at
    // most ``most``, each with a character of the ranges.
    std::vector<Stretch> strongest(const std::vector<std::int32_t>& outputs, double of_mean, double of_most,
                                   std::size_t most, const std::vector<Range>& ranges) const {
        const std::vector<double> sums = by_word(spots_, shares(outputs), edges_, text_.size());
        std::vector<Stretch> found = maximal(sums, price(sums, of_mean, of_most), edges_);
        std::sort(found.begin(), found.end(), [](const Stretch& one, const Stretch& other) {
            return one.weight != other.weight ? one.weight > other.weight : one.start < other.start;
        });
        std::vector<Stretch> kept;
        for (std::size_t at = 0; at < found.size() && kept.size() < most; ++at)
            if (has_any(text_.substr(found[at].start, found[at].end - found[at].start), ranges))
                kept.push_back(found[at]);
        return kept;
    }

private:
    std::vector<double> shares(const std::vector<std::int32_t>& outputs) const {
        constexpr std::size_t far = 16;  // rows of weights that are fetched before they are needed
        std::vector<double> found(spots_.size());
        for (std::size_t at = 0; at < spots_.size(); ++at) {
            if (at + far < spots_.size()) fetch(weights_ + spots_[at + far].column * outputs_);
            const std::int8_t* row = weights_ + spots_[at].column * outputs_;
            double weight = 0;
            for (std::int32_t output : outputs) weight += row[output] * static_cast<double>(scales_[output]);
            found[at] = parts_[at] * weight;
        }
        return found;
    }

    static bool has_any(std::u32string_view text, const std::vector<Range>& ranges) {
        return std::any_of(text.begin(), text.end(), [&](char32_t sign) {
            return std::any_of(ranges.begin(), ranges.end(), [=](const Range& range) {
                const auto point = static_cast<std::int32_t>(sign);
                return range.first <= point && point <= range.second;
            });
        });
    }

    const std::vector<Spot>& spots_;
    std::vector<double> parts_;
    std::vector<std::int32_t> edges_;
    std::u32string_view text_;
    const std::int8_t* weights_;
    const float* scales_;
    std::size_t outputs_;
};

}  // namespace wuxing

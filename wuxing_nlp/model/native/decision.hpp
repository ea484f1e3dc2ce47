// From a unit's features to calibrated scores, and to codes without a probability.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "product.hpp"

namespace wuxing {

inline constexpr std::int32_t no_mark = -1;
inline constexpr std::int64_t unsure = -1;

// Calibrated scores: below ``low`` a label's probability is under its threshold for certain, above
// ``high`` it is over it. Both are NaN where nothing is certain.
struct Sigmoid {
    double slope, intercept, low, high;

    double operator()(double score) const { return score * slope + intercept; }
};

class Decision {
    using Margins = std::vector<double>;
    using Codes = std::vector<std::int32_t>;

public:
    // ``sure``: of two scores so far apart the higher one's probability is the higher one for certain,
    // where it is above ``lowest`` and the other one below ``highest``.
    Decision(std::size_t features, std::vector<float> scales, std::vector<float> biases, double sure, double lowest,
             double highest)
        : features_(features), scales_(std::move(scales)), biases_(std::move(biases)), sure_(sure), lowest_(lowest),
          highest_(highest) {}

    void add_letter(const Sigmoid& sigmoid) { letters_.push_back({sigmoid, {}}); }

    // ``mark``: the output whose margin is added to the code's own.
    void add_code(std::size_t letter, std::int32_t mark, const Sigmoid& sigmoid, bool trained) {
        letters_[letter].codes.push_back({codes_++, mark, trained, sigmoid});
    }

    // Calibrated scores (units, letters and codes).
    void score(const std::int32_t* columns, const float* values, const std::int64_t* ends, std::size_t units,
               const std::int8_t* weights, double* scores) const {
        const std::size_t outputs = scales_.size();
        std::vector<float> sums(units * outputs);
        Margins margins(outputs);
        product(columns, values, ends, units, weights, features_, outputs, sums.data());
        for (std::size_t unit = 0; unit < units; ++unit, scores += letters_.size() + codes_) {
            weigh(sums.data() + unit * outputs, margins);
            for (std::size_t at = 0; at < letters_.size(); ++at) {
                scores[at] = score(letters_[at], margins[at], margins);
                for (const Code& code : letters_[at].codes) scores[letters_.size() + code.at] = score(code, margins);
            }
        }
    }

    // The codes of all units, one after the other, and where each unit's end: ``unsure`` where its
    // probabilities are to decide.
    void decide(const std::int32_t* columns, const float* values, const std::int64_t* ends, std::size_t units,
                const std::int8_t* weights, Codes& codes, std::vector<std::int64_t>& upto) const {
        const std::size_t outputs = scales_.size();
        std::vector<float> sums(units * outputs);
        Margins margins(outputs);
        product(columns, values, ends, units, weights, features_, outputs, sums.data());
        for (std::size_t unit = 0; unit < units; ++unit) {
            const std::size_t before = codes.size();
            if (weigh(sums.data() + unit * outputs, margins) && decide(margins, codes)) {
                upto.push_back(codes.size());
            } else {
                codes.resize(before);
                upto.push_back(unsure);
            }
        }
    }

private:
    struct Code {
        std::int32_t at, mark;
        bool trained;
        Sigmoid sigmoid;
    };
    struct Letter {
        Sigmoid sigmoid;
        std::vector<Code> codes;
    };

    // Whether all are numbers.
    bool weigh(const float* sums, Margins& margins) const {
        bool finite = true;
        for (std::size_t at = 0; at < margins.size(); ++at) {
            margins[at] = static_cast<double>(sums[at]) * scales_[at] + biases_[at];
            finite &= margins[at] - margins[at] == 0;
        }
        return finite;
    }

    // Whether the decision is certain; if so, ``given`` has the unit's codes.
    bool decide(const Margins& margins, Codes& given) const {
        for (std::size_t at = 0; at < letters_.size(); ++at)
            if (!decide(letters_[at], margins[at], margins, given)) return false;
        return true;
    }

    double margin(const Code& code, const Margins& margins) const { return margins[letters_.size() + code.at]; }

    double score(const Code& code, const Margins& margins) const {
        const double own = margin(code, margins);
        return code.sigmoid(code.mark == no_mark ? own : own + margins[code.mark]);
    }

    double score(const Letter& letter, double own, const Margins& margins) const {
        double best = -std::numeric_limits<double>::infinity();
        for (const Code& code : letter.codes) best = std::max(best, margin(code, margins));
        return letter.sigmoid(own + best);
    }

    bool decide(const Letter& letter, double own, const Margins& margins, Codes& given) const {
        const double found = score(letter, own, margins);
        if (found < letter.sigmoid.low) return true;
        if (!(found > letter.sigmoid.high)) return false;
        const std::size_t before = given.size();
        for (const Code& code : letter.codes) {
            const double wanted = score(code, margins);
            if (wanted > code.sigmoid.high) given.push_back(code.at);
            else if (!(wanted < code.sigmoid.low)) return false;
        }
        return given.size() > before || add_likeliest(letter, margins, given);
    }

    // An untrained code only where the letter has no other.
    bool add_likeliest(const Letter& letter, const Margins& margins, Codes& given) const {
        const auto is_trained = [](const Code& code) { return code.trained; };
        const bool all = std::none_of(letter.codes.begin(), letter.codes.end(), is_trained);
        double best = -std::numeric_limits<double>::infinity(), second = best;
        std::int32_t likeliest = 0;
        for (const Code& code : letter.codes) {
            if (!all && !code.trained) continue;
            const double likely = score(code, margins);
            if (likely > best) {
                second = std::exchange(best, likely);
                likeliest = code.at;
            } else second = std::max(second, likely);
        }
        given.push_back(likeliest);
        return best > lowest_ && second < highest_ && best - second > sure_;
    }

    std::size_t features_;
    std::vector<float> scales_, biases_;
    double sure_, lowest_, highest_;
    std::vector<Letter> letters_;
    std::int32_t codes_ = 0;
};

}  // namespace wuxing

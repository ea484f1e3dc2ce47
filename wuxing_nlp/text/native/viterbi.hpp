// The words of a run of Han by jieba's hidden Markov model: see wuxing_nlp/text/finalseg.py.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace wuxing {

class Viterbi {
public:
    using Scores = std::array<double, 4>;  // of the states B, M, E, S

    // ``moves`` in the order BM BE MM ME EB ES SB SS; ``floor`` of a character that a state does not know.
    Viterbi(Scores start, std::array<double, 8> moves, double floor)
        : start_(start), moves_(moves), emit_{{floor, floor, floor, floor}}, place_(plane) {}

    void learn(std::size_t state, char32_t sign, double score) {
        if (sign >= plane) return;
        if (place_[sign] == 0) {
            place_[sign] = static_cast<std::int32_t>(emit_.size());
            emit_.push_back(Scores(emit_[0]));
        }
        emit_[place_[sign]][state] = score;
    }

    // Where each word of a run ends, counted from ``offset``. Sums are made in jieba's own order: paths are
    // often equal but for rounding. Of equals jieba takes the later letter of BEMS: hence ``>`` alone.
    void cut(std::u32string_view run, std::int32_t offset, std::vector<std::int32_t>& ends) {
        const auto [bm, be, mm, me, eb, es, sb, ss] = moves_;
        before_.assign(1, none);
        at_.assign(1, 1);
        Scores now = emitted(run[0]);
        for (std::size_t state = 0; state < now.size(); ++state) now[state] = start_[state] + now[state];
        std::int32_t of_b = none, of_m = none, of_e = 0, of_s = 0;  // the last end on each state's path
        for (std::size_t at = 1; at < run.size(); ++at) {
            const Scores& to = emitted(run[at]);
            const auto [b, m, e, s] = now;
            const auto to_b = later(e + eb + to[0], of_e, s + sb + to[0], of_s);
            const auto to_m = later(b + bm + to[1], of_b, m + mm + to[1], of_m);
            const auto to_e = later(b + be + to[2], of_b, m + me + to[2], of_m);
            const auto to_s = later(e + es + to[3], of_e, s + ss + to[3], of_s);
            now = {to_b.first, to_m.first, to_e.first, to_s.first};
            of_b = to_b.second;
            of_m = to_m.second;
            of_e = ended(to_e.second, at);
            of_s = ended(to_s.second, at);
        }
        collect(now[2] > now[3] ? of_e : of_s, offset, ends);
    }

private:
    static constexpr char32_t plane = 0x10000;
    static constexpr std::int32_t none = -1;

    static std::pair<double, std::int32_t> later(double one, std::int32_t of_one, double other,
                                                 std::int32_t of_other) {
        return one > other ? std::pair{one, of_one} : std::pair{other, of_other};
    }

    const Scores& emitted(char32_t sign) const { return emit_[sign < plane ? place_[sign] : 0]; }

    std::int32_t ended(std::int32_t before, std::size_t at) {
        before_.push_back(before);
        at_.push_back(static_cast<std::int32_t>(at) + 1);
        return static_cast<std::int32_t>(at_.size()) - 1;
    }

    void collect(std::int32_t last, std::int32_t offset, std::vector<std::int32_t>& ends) {
        found_.clear();
        for (; last != none; last = before_[last]) found_.push_back(offset + at_[last]);
        ends.insert(ends.end(), found_.rbegin(), found_.rend());
    }

    Scores start_;
    std::array<double, 8> moves_;
    std::vector<Scores> emit_;
    std::vector<std::int32_t> place_;  // of a character in ``emit_``; 0 for the unknown ones
    std::vector<std::int32_t> before_, at_, found_;  // the chains of word ends
};

}  // namespace wuxing

// The last block: whose codebook terms occur, and which cue classes.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "cues.hpp"
#include "row.hpp"
#include "tree.hpp"

namespace wuxing {

class Flags {
public:
    // ``length``: of all terms together; ``classes``: the column of each cue name, ``none`` for one without.
    Flags(std::int32_t letters, std::size_t length, std::int32_t first_letter, std::vector<std::int32_t> classes,
          float class_value)
        : terms_(letters, length, no_gap, 0),
          until_(letters),
          first_letter_(first_letter),
          classes_(std::move(classes)),
          class_value_(class_value) {}

    void add(std::u32string_view term, std::int32_t letter) { terms_.add(term, letter); }

    void read(std::u32string_view text, const std::vector<Cue>& cues, Row& row) {
        read_letters(text, row);
        for (const Cue& cue : cues) {
            if (classes_[cue.name] == none) continue;
            row.flag(classes_[cue.name], class_value_);
            row.place(classes_[cue.name], cue.start, cue.end);
        }
    }

private:
    static constexpr char32_t no_gap = 0x110000;  // behind the last code point

    // The leftmost longest terms of each letter, which do not overlap.
    void read_letters(std::u32string_view text, Row& row) {
        std::fill(until_.begin(), until_.end(), 0);
        const auto end = static_cast<std::int32_t>(text.size());
        for (const Tree::Start& start : terms_.starts(text))
            for (std::int32_t letter : terms_.find(text, start, end)) {
                if (start.at < until_[letter]) continue;
                until_[letter] = terms_.end_of(letter);
                row.flag(first_letter_ + letter, 1);
                row.place(first_letter_ + letter, start.at, until_[letter]);
            }
    }

    Tree terms_;
    std::vector<std::int32_t> until_;
    std::int32_t first_letter_;
    std::vector<std::int32_t> classes_;
    float class_value_;
};

}  // namespace wuxing

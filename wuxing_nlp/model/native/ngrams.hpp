// Word and character n-grams: see wuxing_nlp/model/ngrams.py, which says what they are.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "filter.hpp"
#include "row.hpp"
#include "table.hpp"

namespace wuxing {

inline bool is_digit(char32_t sign) { return sign >= U'0' && sign <= U'9'; }

// A character as features know it: a figure is worth its being one.
inline char32_t shaped(char32_t sign) { return is_digit(sign) ? U'0' : sign; }

// Where the figure that begins at ``at`` ends, digits and a point with digits behind it; or the
// character, where it is none.
inline std::int32_t after(std::u32string_view text, std::int32_t at, std::int32_t end) {
    if (!is_digit(text[at])) return at + 1;
    while (at < end && is_digit(text[at])) ++at;
    if (at + 1 < end && text[at] == U'.' && is_digit(text[at + 1])) {
        ++at;
        while (at < end && is_digit(text[at])) ++at;
    }
    return at;
}

using IsSpace = bool (*)(char32_t);

class Ngrams {
public:
    Ngrams(std::size_t words, std::size_t characters, std::size_t longest, IsSpace is_space)
        : words_(words), characters_(characters), longest_(longest), is_space_(is_space) {}

    // False where another key has the same hash.
    bool add_word(std::u32string_view key, std::int32_t column) { return words_.add(key, column); }
    bool add_character(std::u32string_view key, std::int32_t column) { return characters_.add(key, column); }

    // False where looking up what is not known would take long.
    bool is_even() const { return words_.table.is_even() && characters_.table.is_even(); }

    // ``ends``: where each of the text's words ends.
    void read_words(std::u32string_view text, const std::vector<std::int32_t>& ends, Row& row) {
        std::int32_t start = 0, before = none;
        std::uint64_t last = 0;
        make_room(2 * ends.size());
        for (std::int32_t end : ends) {
            if (!blank(text, start, end)) {
                std::uint64_t alone = seed, joined = mixed(last, U'\t');
                for (std::int32_t at = start; at < end; at = after(text, at, end)) {
                    alone = mixed(alone, shaped(text[at]));
                    joined = mixed(joined, shaped(text[at]));
                }
                expect(words_, {alone, start, end});
                if (before != none) expect(words_, {joined, before, end});
                before = start;
                last = alone;
            }
            start = end;
        }
        record(words_, row);
    }

    void read_characters(std::u32string_view text, Row& row) {
        squeeze(text);
        const std::size_t size = squeezed_.size();
        make_room(size * longest_);
        for (std::size_t at = 0; at < size; ++at) {
            std::uint64_t state = seed;
            const std::size_t last = std::min(at + longest_, size);
            for (std::size_t to = at; to < last; ++to) {
                state = mixed(state, squeezed_[to].sign);
                expect(characters_, {state, squeezed_[at].start, squeezed_[to].end});
            }
        }
        record(characters_, row);
    }

private:
    struct Sign {
        char32_t sign;
        std::int32_t start, end;
    };

    struct Key {
        std::uint64_t state;
        std::int32_t start, end;
    };

    // Most n-grams of a text are unknown, and the filter tells so without the table.
    struct Known {
        explicit Known(std::size_t keys) : table(keys), filter(keys) {}

        bool add(std::u32string_view key, std::int32_t column) {
            std::uint64_t state = seed;
            for (char32_t sign : key) state = mixed(state, sign);
            if (table.get(state) != none) return false;
            table.put(state, column);
            filter.add(state);
            return true;
        }

        Table table;
        Filter filter;
    };

    void make_room(std::size_t keys) {
        kept_ = 0;
        if (keys_.size() < keys) keys_.resize(keys);
    }

    void expect(const Known& known, const Key& key) {
        keys_[kept_] = key;
        kept_ += known.filter.may_hold(key.state);
    }

    // All keys of a unit are asked for before the first is looked up, and all columns before the first is
    // counted, so that the memory behind them comes at once and not one after the other.
    void record(const Known& known, Row& row) {
        for (std::size_t at = 0; at < kept_; ++at) known.table.expect(keys_[at].state);
        found_.clear();
        for (std::size_t at = 0; at < kept_; ++at) {
            const Key& key = keys_[at];
            const std::int32_t column = known.table.get(key.state);
            if (column == none) continue;
            row.expect(column);
            found_.push_back({column, key.start, key.end});
        }
        for (const Spot& spot : found_) {
            row.count(spot.column);
            row.place(spot.column, spot.start, spot.end);
        }
    }

    bool blank(std::u32string_view text, std::int32_t start, std::int32_t end) const {
        return std::all_of(text.begin() + start, text.begin() + end, is_space_);
    }

    // The text with its figures as 0 and without spaces, and the span behind each character.
    void squeeze(std::u32string_view text) {
        squeezed_.clear();
        const auto end = static_cast<std::int32_t>(text.size());
        for (std::int32_t start = 0, next; start < end; start = next) {
            next = after(text, start, end);
            if (!is_space_(text[start])) squeezed_.push_back({shaped(text[start]), start, next});
        }
    }

    Known words_, characters_;
    std::size_t longest_;
    IsSpace is_space_;
    std::vector<Sign> squeezed_;
    std::vector<Key> keys_;
    std::size_t kept_ = 0;  // of the keys, those that are to be looked up
    std::vector<Spot> found_;
};

}  // namespace wuxing

// Lines of a text, each a key: see wuxing_nlp/model/keys.py.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cues.hpp"
#include "ngrams.hpp"

namespace wuxing {

// ``use`` takes each line and where it begins, and says whether to go on; false where it did not.
template <typename Use>
bool each_line(std::u32string_view text, Use use) {
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(U'\n', start), text.size());
        if (!use(text.substr(start, end - start), start)) return false;
        start = end + 1;
    }
    return true;
}

inline bool ascend(std::u32string_view text) {
    std::u32string_view before;
    return each_line(text, [&](std::u32string_view line, std::size_t start) {
        const bool greater = start == 0 || before < line;
        before = line;
        return greater;
    });
}

// Keys with columns from ``first`` on. Where the first key begins whose hash is another's; -1 for none.
inline std::int64_t add_keys(Ngrams& ngrams, std::u32string_view text, std::int32_t first, bool words) {
    std::int64_t doubled = -1;
    each_line(text, [&](std::u32string_view key, std::size_t start) {
        const bool is_new = words ? ngrams.add_word(key, first) : ngrams.add_character(key, first);
        if (!is_new) doubled = static_cast<std::int64_t>(start);
        ++first;
        return is_new;
    });
    return doubled;
}

// Expressions of one class, each behind a field of ``before`` characters.
inline void add_expressions(Cues& cues, std::u32string_view rows, std::size_t before, std::int32_t name) {
    each_line(rows, [&](std::u32string_view row, std::size_t) {
        cues.add(row.substr(before), name);
        return true;
    });
}

// N-grams of cues with columns from ``first`` on: names joined by > or &, of which ``names`` holds all that
// there are, sorted. One that holds another name is never met.
inline void add_cues(Cues& cues, std::u32string_view text, std::u32string_view names, std::int32_t first) {
    std::vector<std::u32string_view> known;
    each_line(names, [&](std::u32string_view name, std::size_t) {
        known.push_back(name);
        return true;
    });
    std::vector<std::int32_t> made_of;
    each_line(text, [&](std::u32string_view key, std::size_t) {
        made_of.clear();
        bool all = true;
        for (std::size_t start = 0; all && start <= key.size();) {
            const std::size_t end = std::min(key.find_first_of(U">&", start), key.size());
            const std::u32string_view name = key.substr(start, end - start);
            const auto found = std::lower_bound(known.begin(), known.end(), name);
            all = found != known.end() && *found == name;
            made_of.push_back(static_cast<std::int32_t>(found - known.begin()));
            start = end + 1;
        }
        if (all) cues.know(made_of, key.find(U'&') != key.npos, first);
        ++first;
        return true;
    });
}

}  // namespace wuxing

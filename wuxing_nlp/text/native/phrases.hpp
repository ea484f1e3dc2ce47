// Phrases of the basic plane, found leftmost and longest first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace wuxing {

struct Phrase {
    std::u16string old, fresh;
};

class Phrases {
public:
    Phrases() : marks_(0x10000) {}

    void add(std::u16string old, std::u16string fresh) {
        marks_[old[0]] |= old.size() == 1 ? alone : first;
        if (old.size() > 1) marks_[old[1]] |= second;
        std::vector<Phrase>& alike = alike_[beginning(old, 0, std::min<std::size_t>(old.size(), 2))];
        const auto shorter = [&](const Phrase& other) { return other.old.size() < old.size(); };
        alike.insert(std::find_if(alike.begin(), alike.end(), shorter), Phrase{old, std::move(fresh)});
    }

    // The next phrase from ``at`` on, which moves to its place; none where there is no more.
    const Phrase* next(std::u16string_view text, std::size_t& at) const {
        for (; at < text.size(); ++at) {
            const std::uint8_t marks = marks_[text[at]];
            if ((marks & (first | alone)) == 0) continue;
            const Phrase* found = nullptr;
            if ((marks & first) && at + 1 < text.size() && (marks_[text[at + 1]] & second)) found = longest(text, at, 2);
            if (!found && (marks & alone)) found = longest(text, at, 1);
            if (found) return found;
        }
        return nullptr;
    }

private:
    // What a character may be of a phrase: the first or the second of several, or the only one.
    static constexpr std::uint8_t first = 1, second = 2, alone = 4;

    static std::uint32_t beginning(std::u16string_view text, std::size_t at, std::size_t length) {
        return static_cast<std::uint32_t>(text[at]) << 16 | (length == 2 ? text[at + 1] : 0);
    }

    const Phrase* longest(std::u16string_view text, std::size_t at, std::size_t begun) const {
        const auto alike = alike_.find(beginning(text, at, begun));
        if (alike == alike_.end()) return nullptr;
        for (const Phrase& phrase : alike->second)
            if (text.compare(at, phrase.old.size(), phrase.old) == 0) return &phrase;
        return nullptr;
    }

    std::vector<std::uint8_t> marks_;
    std::unordered_map<std::uint32_t, std::vector<Phrase>> alike_;  // the longest first
};

}  // namespace wuxing

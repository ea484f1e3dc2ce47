// Texts whose canonical form is one of single characters and OpenCC's phrases.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "phrases.hpp"

namespace wuxing {

class PlainTexts {
public:
    // What a character may be; a ``rare`` one is never judged here.
    static constexpr std::uint16_t rare = 1, bracket = 2, toned = 4, traditional = 8, simplified = 16;

    PlainTexts() : signs_(0x10000) {
        for (std::size_t code = 0; code < signs_.size(); ++code) signs_[code].fresh = static_cast<char16_t>(code);
    }

    void mark(char16_t from, char16_t to, std::uint16_t kind) {
        for (std::size_t sign = from; sign <= to; ++sign) signs_[sign].kinds |= kind;
    }
    void convert(char16_t sign, char16_t fresh) { signs_[sign].fresh = fresh; }
    void add_phrase(std::u16string old, std::u16string fresh) { phrases_.add(std::move(old), std::move(fresh)); }
    void add_word(std::u16string old, std::u16string fresh) { words_.add(std::move(old), std::move(fresh)); }

    // ``done``: ``made`` is the text in Simplified characters; ``words``: and holds words of the
    // table; ``more``: the text takes more than characters and phrases.
    enum class Verdict { done, words, more };

    Verdict read(std::u16string_view text, std::u16string& made) const {
        made = text;
        const unsigned kinds = kinds_of(text);
        if ((kinds & rare) || ((kinds & bracket) && (kinds & toned))) return Verdict::more;
        if (!(kinds & simplified)) return converted(text, 0, made);
        return kinds & traditional ? line_by_line(text, made) : Verdict::done;
    }

private:
    struct Sign {
        char16_t fresh = 0;
        std::uint16_t kinds = 0;
    };

    unsigned kinds_of(std::u16string_view text) const {
        unsigned kinds = 0;
        for (char16_t sign : text) kinds |= signs_[sign].kinds;
        return kinds;
    }

    // Of a text in both scripts: no phrase and no word holds a line break.
    Verdict line_by_line(std::u16string_view text, std::u16string& made) const {
        for (std::size_t start = 0; start < text.size();) {
            const std::size_t end = std::min(text.find(u'\n', start), text.size());
            const std::u16string_view line = text.substr(start, end - start);
            if (!is_traditional(line))
                replace_marks(line, start, made);
            else if (converted(line, start, made) != Verdict::done)
                return Verdict::more;
            start = end + 1;
        }
        return Verdict::done;
    }

    bool is_traditional(std::u16string_view line) const {
        std::size_t ours = 0, others = 0;
        for (char16_t sign : line) {
            ours += (signs_[sign].kinds & traditional) != 0;
            others += (signs_[sign].kinds & simplified) != 0;
        }
        return others == 0 || ours > others;
    }

    void replace_marks(std::u16string_view line, std::size_t start, std::u16string& made) const {
        for (std::size_t at = 0; at < line.size(); ++at)
            if (signs_[line[at]].kinds & traditional) made[start + at] = signs_[line[at]].fresh;
    }

    // Put what the line becomes to its place.
    Verdict converted(std::u16string_view line, std::size_t start, std::u16string& made) const {
        for (std::size_t at = 0; at < line.size(); ++at) made[start + at] = signs_[line[at]].fresh;
        std::size_t at = 0;
        while (const Phrase* phrase = phrases_.next(line, at)) {
            if (phrase->fresh.size() != phrase->old.size()) return Verdict::more;
            std::copy(phrase->fresh.begin(), phrase->fresh.end(), made.begin() + start + at);
            at += phrase->old.size();
        }
        return has_words(std::u16string_view(made).substr(start, line.size())) ? Verdict::words : Verdict::done;
    }

    // Whether a word has another one in its place; some only keep parts of theirs from being found.
    bool has_words(std::u16string_view line) const {
        std::size_t at = 0;
        while (const Phrase* word = words_.next(line, at)) {
            if (word->old != word->fresh) return true;
            at += word->old.size();
        }
        return false;
    }

    std::vector<Sign> signs_;
    Phrases phrases_, words_;
};

}  // namespace wuxing

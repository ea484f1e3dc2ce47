// The features of a unit, block by block: see wuxing_nlp/model/reader.py, which says what they are.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "cues.hpp"
#include "flags.hpp"
#include "ngrams.hpp"
#include "row.hpp"

namespace wuxing {

class Reader {
public:
    Reader(Ngrams ngrams, Cues cues, Flags flags, Row row)
        : ngrams_(std::move(ngrams)), cues_(std::move(cues)), flags_(std::move(flags)), row_(std::move(row)) {}

    // ``ends``: where each of the text's words ends. ``placing``: the places are wanted, too.
    void read(std::u32string_view text, const std::vector<std::int32_t>& ends, bool placing) {
        row_.clear(placing);
        ngrams_.read_words(text, ends, row_);
        row_.weigh();
        ngrams_.read_characters(text, row_);
        row_.weigh();
        const std::vector<Cue>& found = cues_.find(text);
        cues_.read(row_);
        row_.weigh();
        flags_.read(text, found, row_);
    }

    Row& row() { return row_; }

private:
    Ngrams ngrams_;
    Cues cues_;
    Flags flags_;
    Row row_;
};

}  // namespace wuxing

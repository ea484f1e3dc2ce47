// Cues and their company: see wuxing_nlp/cues, which says what they are.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "row.hpp"
#include "table.hpp"
#include "tree.hpp"

namespace wuxing {

struct Cue {
    std::int32_t start, end, name, clause;
};

// Names are numbered in alphabetical order, in which the cues of one place stand.
class Cues {
public:
    // ``length`` is that of all expressions together; ``keys`` of them or their company are known.
    Cues(std::int32_t names, std::size_t length, std::size_t keys, char32_t gap, std::int32_t widest_gap,
         std::u32string clause_ends)
        : tree_(names, length, gap, widest_gap),
          names_(names),
          clause_ends_(std::move(clause_ends)),
          triples_(keys),
          one_(names, none),
          ordered_(names * names, none),
          together_(names * names, none),
          last_(names),
          stamps_(names * names) {
        for (char32_t sign : clause_ends_) end_marks_ |= mark(sign);
    }

    void add(std::u32string_view expression, std::int32_t name) { tree_.add(expression, name); }

    // A cue alone, two or three in order in a clause, or two together in the unit.
    void know(const std::vector<std::int32_t>& names, bool together, std::int32_t column) {
        if (names.size() == 1) one_[names[0]] = column;
        else if (names.size() == 3) triples_.put(triple(names[0], names[1], names[2]), column);
        else (together ? together_ : ordered_)[pair(names[0], names[1])] = column;
    }

    // As CueFinder.find.
    const std::vector<Cue>& find(std::u32string_view text) {
        found_.clear();
        std::int32_t clause = 0, clause_end = -1;
        for (const Tree::Start& start : tree_.starts(text)) {
            for (; start.at > clause_end; ++clause) clause_end = end_of_clause(text, clause_end + 1);
            keep(tree_.find(text, start, clause_end), start.at, clause);
        }
        for (const Cue& cue : found_) last_[cue.name] = 0;
        return found_;
    }

    // As cue_ngrams, of the cues found last.
    void read(Row& row) {
        for (const Cue& cue : found_)
            if (one_[cue.name] != none) {
                row.count(one_[cue.name]);
                row.place(one_[cue.name], cue.start, cue.end);
            }
        for (std::size_t first = 0, end; first < found_.size(); first = end) {
            for (end = first; end < found_.size() && found_[end].clause == found_[first].clause;) ++end;
            read_ordered(first, end, row);
            read_triples(first, end, row);
        }
        read_together(row);
    }

private:
    std::int32_t end_of_clause(std::u32string_view text, std::int32_t at) const {
        const std::vector<std::uint64_t>& marks = tree_.marks();
        const auto size = static_cast<std::int32_t>(text.size());
        while (at < size && !((marks[at] & end_marks_) && clause_ends_.find(text[at]) != clause_ends_.npos)) ++at;
        return at;
    }

    std::size_t pair(std::int32_t one, std::int32_t other) const {
        return static_cast<std::size_t>(one) * names_ + other;
    }

    std::uint64_t triple(std::int32_t one, std::int32_t two, std::int32_t three) const {
        return mixed(seed, static_cast<std::uint64_t>(pair(one, two)) * names_ + three);
    }

    // Of one class, the longest at a place alone; longer ones first.
    void keep(const std::vector<std::int32_t>& names, std::int32_t start, std::int32_t clause) {
        const std::size_t first = found_.size();
        for (std::int32_t name : names) {
            const std::int32_t end = tree_.end_of(name);
            if (end <= last_[name]) continue;
            last_[name] = end;
            found_.push_back({start, end, name, clause});
        }
        if (found_.size() - first < 2) return;
        std::sort(found_.begin() + first, found_.end(), [](const Cue& one, const Cue& other) {
            return one.end != other.end ? one.end > other.end : one.name < other.name;
        });
    }

    // Each pair of names of a clause once, at the first of the one and where it first meets the other.
    void read_ordered(std::size_t first, std::size_t end, Row& row) {
        firsts_.clear();
        ++stamp_;
        for (std::size_t at = first; at < end; ++at) {
            const Cue& cue = found_[at];
            bool is_new = true;
            for (const Cue& earlier : firsts_) {
                if (earlier.name == cue.name) is_new = false;
                else if (fresh(pair(earlier.name, cue.name))) meet(ordered_, earlier, cue, row);
            }
            if (is_new) firsts_.push_back(cue);
        }
    }

    void read_triples(std::size_t first, std::size_t end, Row& row) {
        for (std::size_t at = first; at + 2 < end; ++at) {
            const Cue &one = found_[at], &two = found_[at + 1], &three = found_[at + 2];
            const std::int32_t column = triples_.get(triple(one.name, two.name, three.name));
            if (column == none) continue;
            row.count(column);
            for (const Cue* cue : {&one, &two, &three}) row.place(column, cue->start, cue->end);
        }
    }

    // Each two names of the unit, in alphabetical order, at the first cue of each.
    void read_together(Row& row) {
        firsts_.clear();
        ++stamp_;
        for (const Cue& cue : found_)
            if (fresh(pair(cue.name, cue.name))) firsts_.push_back(cue);
        std::sort(firsts_.begin(), firsts_.end(),
                  [](const Cue& one, const Cue& other) { return one.name < other.name; });
        for (std::size_t at = 0; at < firsts_.size(); ++at)
            for (std::size_t other = at + 1; other < firsts_.size(); ++other)
                meet(together_, firsts_[at], firsts_[other], row);
    }

    bool fresh(std::size_t pair) {
        if (stamps_[pair] == stamp_) return false;
        stamps_[pair] = stamp_;
        return true;
    }

    void meet(const std::vector<std::int32_t>& columns, const Cue& one, const Cue& other, Row& row) const {
        const std::int32_t column = columns[pair(one.name, other.name)];
        if (column == none) return;
        row.count(column);
        row.place(column, one.start, one.end);
        row.place(column, other.start, other.end);
    }

    Tree tree_;
    std::int32_t names_;
    std::u32string clause_ends_;
    std::uint64_t end_marks_ = 0;
    Table triples_;
    std::vector<std::int32_t> one_, ordered_, together_, last_;
    std::vector<std::uint64_t> stamps_;
    std::uint64_t stamp_ = 0;
    std::vector<Cue> found_, firsts_;
};

}  // namespace wuxing

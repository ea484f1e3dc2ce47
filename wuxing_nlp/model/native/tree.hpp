// Expressions from a common root, each with a name; behind a gap a tree of its own begins.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "filter.hpp"
#include "table.hpp"

namespace wuxing {

// One of 64 bits for a character: what is not among the marks of some characters is none of them.
inline std::uint64_t mark(char32_t sign) { return 1ULL << (mixed(0, sign) >> 58); }

class Tree {
public:
    // A place where expressions begin: the first and the last of its arrivals.
    struct Start {
        std::int32_t at, arrival, last;
    };

    // Names are numbers below ``names``; ``length`` is that of all expressions together; behind a ``gap``
    // the next part begins at most ``widest_gap`` characters on.
    Tree(std::int32_t names, std::size_t length, char32_t gap, std::int32_t widest_gap)
        : gap_(gap), widest_gap_(widest_gap), edges_(length), pairs_(length / 8), root_(plane), best_(names) {
        nodes_.reserve(length + 1);  // never filled, and never moved
        new_node();
    }

    void add(std::u32string_view expression, std::int32_t name) {
        std::int32_t node = 0, parent = 0, before = none;
        char32_t last = 0;
        for (std::size_t at = 0; at < expression.size(); ++at) {
            const char32_t sign = expression[at];
            if (sign == gap_) {
                speak(parent, last, node);
                before = node;
                node = behind_gap(node);
                continue;
            }
            if (before != none) nodes_[before].firsts |= mark(sign);
            before = none;
            if (at == 1) pairs_.add(edge(node, sign));
            parent = node;
            last = sign;
            node = child(node, sign);
        }
        speak(parent, last, node);
        give(node, name);
    }

    // Where expressions or their first parts begin, for find. The walks from all places take each step
    // together, so that the memory behind them comes at once and not one after the other.
    const std::vector<Start>& starts(std::u32string_view text) {
        begin(text);
        while (!walks_.empty()) step(text);
        std::size_t kept = 0;
        for (const Start& start : starts_)
            if (start.arrival != none) starts_[kept++] = start;
        starts_.resize(kept);
        for (const Arrival& arrival : arrivals_) foresee(arrival, text);
        return starts_;
    }

    // The names of the longest expressions that begin at ``start``; ``end_of`` says where each ends. No
    // gap goes on to ``end``.
    const std::vector<std::int32_t>& find(std::u32string_view text, const Start& start, std::int32_t end) {
        for (std::int32_t name : found_) best_[name] = 0;
        found_.clear();
        ++walk_;
        for (std::int32_t next = start.arrival; next != none && arrivals_[next].at <= end; next = arrivals_[next].next)
            arrive(arrivals_[next].node, text, arrivals_[next].at, end);
        return found_;
    }

    std::int32_t end_of(std::int32_t name) const { return best_[name]; }

    // Of each character of the text that ``starts`` was asked for.
    const std::vector<std::uint64_t>& marks() const { return marks_; }

private:
    static constexpr char32_t plane = 0x10000;

    struct Node {
        std::int32_t name = none;
        std::int32_t more = none;  // where further names stand
        std::int32_t behind_gap = none;
        std::uint64_t seen = 0;
        std::uint64_t firsts = 0;  // marks of the characters that a part behind the gap begins with
    };

    struct Further {
        std::int32_t name, more;
    };

    // A node where something ends, and the place in the text; then the next one from the same start.
    struct Arrival {
        std::int32_t node, at, next;
    };

    struct Walk {
        std::size_t start;
        std::int32_t at;
        std::uint64_t key;  // of the edge along the character there
    };

    std::int32_t new_node() {
        nodes_.emplace_back();
        return static_cast<std::int32_t>(nodes_.size()) - 1;
    }

    static std::uint64_t edge(std::int32_t node, char32_t sign) {
        return mixed(0, (static_cast<std::uint64_t>(node) << 21) | sign);
    }

    // An edge's value is the node that it leads to, twice, and one more if something ends there: most
    // nodes are passed without a look at them.
    std::int32_t child(std::int32_t node, char32_t sign) {
        const std::int32_t to = node == 0 ? first(sign) : edges_.get(edge(node, sign));
        if (to > 0) return to >> 1;
        const std::int32_t made = new_node();
        lead(node, sign, 2 * made);
        return made;
    }

    // The root's edge; not above 0 where there is none.
    std::int32_t first(char32_t sign) const { return sign < plane ? root_[sign] : edges_.get(edge(0, sign)); }

    void speak(std::int32_t parent, char32_t sign, std::int32_t node) { lead(parent, sign, 2 * node + 1); }

    void lead(std::int32_t node, char32_t sign, std::int32_t to) {
        edges_.put(edge(node, sign), to);
        if (node == 0 && sign < plane) root_[sign] = to;
    }

    std::int32_t behind_gap(std::int32_t node) {
        if (nodes_[node].behind_gap == none) {
            const std::int32_t to = new_node();
            nodes_[node].behind_gap = to;
        }
        return nodes_[node].behind_gap;
    }

    // A further name stands behind those that the node has.
    void give(std::int32_t node, std::int32_t name) {
        if (nodes_[node].name == none) {
            nodes_[node].name = name;
            return;
        }
        std::int32_t* last = &nodes_[node].more;
        while (*last != none) last = &further_[*last].more;
        *last = static_cast<std::int32_t>(further_.size());
        further_.push_back({name, none});
    }

    // Every place with a known first character that says something alone or is known with the second.
    void begin(std::u32string_view text) {
        const auto size = static_cast<std::int32_t>(text.size());
        marks_.resize(text.size());
        starts_.clear();
        arrivals_.clear();
        for (std::int32_t at = 0; at < size; ++at) {
            const char32_t sign = text[at];
            marks_[at] = mark(sign);
            const std::int32_t to = first(sign);
            if (to <= 0) continue;
            const std::uint64_t key = at + 1 < size ? edge(to >> 1, text[at + 1]) : 0;
            const bool goes_on = at + 1 < size && pairs_.may_hold(key);
            if (!goes_on && !(to & 1)) continue;
            starts_.push_back({at, none, none});
            if (to & 1) note(starts_.back(), to >> 1, at + 1);
            if (goes_on) go_on({starts_.size() - 1, at + 1, key});
        }
    }

    void step(std::u32string_view text) {
        ahead_.swap(walks_);
        walks_.clear();
        for (const Walk& walk : ahead_) {
            const std::int32_t to = edges_.get(walk.key), at = walk.at + 1;
            if (to == none) continue;
            if (to & 1) note(starts_[walk.start], to >> 1, at);
            if (at < static_cast<std::int32_t>(text.size())) go_on({walk.start, at, edge(to >> 1, text[at])});
        }
    }

    void go_on(const Walk& walk) {
        edges_.expect(walk.key);
        walks_.push_back(walk);
    }

    void note(Start& start, std::int32_t node, std::int32_t at) {
        fetch(&nodes_[node]);
        const auto made = static_cast<std::int32_t>(arrivals_.size());
        (start.arrival == none ? start.arrival : arrivals_[start.last].next) = made;
        start.last = made;
        arrivals_.push_back({node, at, none});
    }

    // Ask for the edges that a leap from there will look up.
    void foresee(const Arrival& arrival, std::u32string_view text) const {
        const Node& from = nodes_[arrival.node];
        if (from.behind_gap == none) return;
        const auto last = std::min(arrival.at + widest_gap_ + 1, static_cast<std::int32_t>(text.size()));
        for (std::int32_t at = arrival.at; at < last; ++at)
            if (from.firsts & marks_[at]) edges_.expect(edge(from.behind_gap, text[at]));
    }

    void arrive(std::int32_t node, std::u32string_view text, std::int32_t at, std::int32_t end) {
        const Node& here = nodes_[node];
        if (here.name != none) reach(here.name, at);
        for (std::int32_t more = here.more; more != none; more = further_[more].more) reach(further_[more].name, at);
        if (here.behind_gap != none) leap(here, text, at, end);
    }

    void reach(std::int32_t name, std::int32_t at) {
        if (best_[name] == 0) found_.push_back(name);
        best_[name] = std::max(best_[name], at);
    }

    // Each part behind a gap counts at its first place alone: a node that was seen is only passed.
    void leap(const Node& from, std::u32string_view text, std::int32_t begin, std::int32_t end) {
        const std::int32_t last = std::min(begin + widest_gap_ + 1, end);
        for (std::int32_t start = begin; start < last; ++start) {
            if (!(from.firsts & marks_[start])) continue;
            std::int32_t node = from.behind_gap;
            for (std::int32_t at = start; at < end;) {
                const std::int32_t to = edges_.get(edge(node, text[at++]));
                if (to == none) break;
                node = to >> 1;
                if (!(to & 1) || nodes_[node].seen == walk_) continue;
                nodes_[node].seen = walk_;
                arrive(node, text, at, end);
            }
        }
    }

    char32_t gap_;
    std::int32_t widest_gap_;
    Table edges_;
    Filter pairs_;  // edges of second characters
    std::vector<Node> nodes_;
    std::vector<Further> further_;
    std::vector<std::int32_t> root_;  // edges of the first characters of the basic plane; 0 for none
    std::vector<std::int32_t> best_, found_;
    std::vector<Start> starts_;
    std::vector<Arrival> arrivals_;
    std::vector<Walk> walks_, ahead_;
    std::vector<std::uint64_t> marks_;
    std::uint64_t walk_ = 0;
};

}  // namespace wuxing

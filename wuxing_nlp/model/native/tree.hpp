// Expressions from a common root, each with a name; behind a gap a tree of its own begins.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "table.hpp"

namespace wuxing {

class Tree {
public:
    // Names are numbers below ``names``; ``length`` is that of all expressions together; behind a ``gap``
    // the next part begins at most ``widest_gap`` characters on.
    Tree(std::int32_t names, std::size_t length, char32_t gap, std::int32_t widest_gap)
        : gap_(gap), widest_gap_(widest_gap), edges_(length), root_(plane), best_(names) {
        nodes_.reserve(length + 1);  // never filled, and never moved
        new_node();
    }

    void add(std::u32string_view expression, std::int32_t name) {
        std::int32_t node = 0, parent = 0;
        char32_t last = 0;
        for (char32_t sign : expression) {
            if (sign == gap_) {
                speak(parent, last, node);
                node = behind_gap(node);
            } else {
                parent = node;
                last = sign;
                node = child(node, sign);
            }
        }
        speak(parent, last, node);
        nodes_[node].names.push_back(name);
    }

    // Ask for the memory that finding at every place of the text begins with.
    void expect(std::u32string_view text) const {
        for (std::size_t at = 0; at + 1 < text.size(); ++at)
            if (text[at] < plane && root_[text[at]] > 0) edges_.expect(edge(root_[text[at]] >> 1, text[at + 1]));
    }

    // The names of the longest expressions that begin at ``start``; ``end_of`` says where each ends. No
    // gap goes on to ``end``.
    const std::vector<std::int32_t>& find(std::u32string_view text, std::int32_t start, std::int32_t end) {
        for (std::int32_t name : found_) best_[name] = 0;
        found_.clear();
        ++walk_;
        const char32_t first = text[start];
        const std::int32_t to = first < plane ? root_[first] : edges_.get(edge(0, first));
        if (to > 0 && start < end) enter(to, text, start + 1, end);
        return found_;
    }

    std::int32_t end_of(std::int32_t name) const { return best_[name]; }

private:
    static constexpr char32_t plane = 0x10000;

    struct Node {
        std::vector<std::int32_t> names;
        std::int32_t behind_gap = none;
        std::uint64_t seen = 0;
        std::uint64_t firsts = 0;  // behind a gap: marks of the characters that an edge is there for
    };

    // One of 64 bits for a character: where it is not among the marks of a node, no edge needs looking up.
    static std::uint64_t mark(char32_t sign) { return 1ULL << (mixed(0, sign) >> 58); }

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
        const std::int32_t to = edges_.get(edge(node, sign));
        if (to != none) return to >> 1;
        const std::int32_t made = new_node();
        nodes_[node].firsts |= mark(sign);
        lead(node, sign, 2 * made);
        return made;
    }

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

    // Along the edge ``to``, which ends at ``at``, and on along the text.
    void enter(std::int32_t to, std::u32string_view text, std::int32_t at, std::int32_t end) {
        while (true) {
            if (to & 1) arrive(to >> 1, text, at, end);
            if (at >= end) return;
            to = edges_.get(edge(to >> 1, text[at++]));
            if (to == none) return;
        }
    }

    void arrive(std::int32_t node, std::u32string_view text, std::int32_t at, std::int32_t end) {
        for (std::int32_t name : nodes_[node].names) {
            if (best_[name] == 0) found_.push_back(name);
            best_[name] = std::max(best_[name], at);
        }
        if (nodes_[node].behind_gap != none) leap(nodes_[node].behind_gap, text, at, end);
    }

    // Each part behind a gap counts at its first place alone: a node that was seen is only passed.
    void leap(std::int32_t root, std::u32string_view text, std::int32_t from, std::int32_t end) {
        const std::int32_t last = std::min(from + widest_gap_ + 1, end);
        const std::uint64_t firsts = nodes_[root].firsts;
        for (std::int32_t start = from; start < last; ++start) {
            if (!(firsts & mark(text[start]))) continue;
            std::int32_t node = root;
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
    std::vector<Node> nodes_;
    std::vector<std::int32_t> root_;  // edges of the first characters of the basic plane; 0 for none
    std::vector<std::int32_t> best_, found_;
    std::uint64_t walk_ = 0;
};

}  // namespace wuxing

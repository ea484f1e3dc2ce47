// Words with their frequencies, by their prefixes: jieba's dictionary.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace wuxing {

// A tree whose edges stand in one table. To stay in the cache, a slot is one word: the node that the edge
// leaves (21 bits), its character (16 bits), the node that it leads to (21 bits), and what is known of that
// one: most walks end without a look at the node itself. Keys are held whole: no text is taken for another.
// Where an edge stands is told by the characters that lead to it, so that its memory can be asked for
// before the nodes on the way are known.
class Dictionary {
public:
    // A node, what is known of it, and the hash of the characters that lead to it; 0 for none.
    struct Step {
        std::uint32_t node = 0;
        std::uint64_t hash = 0;
        explicit operator bool() const { return node; }
        bool is_word() const { return node & word_mark; }
        bool goes_on() const { return node & inner_mark; }
    };

    // ``length`` of all lines that will be added.
    explicit Dictionary(std::size_t length) : slots_(least_slots), roots_(plane) {
        while (3 * slots_.size() < length) slots_.resize(2 * slots_.size());
        logarithms_.reserve(slots_.size() / 2);
    }

    static constexpr char32_t plane = 0x10000;

    Step root(char32_t sign) const {
        if (sign >= plane) return {};
        return {node_of(roots_[sign]), mixed(0, sign)};
    }

    Step next(Step step, char32_t sign) const {
        if (!step.goes_on() || sign >= plane) return {};
        const std::uint64_t hash = mixed(step.hash, sign);
        return {node_of(slots_[place(hash, key(step.node, sign))]), hash};
    }

    // Ask for the memory that ``next`` will read.
    void expect(Step step, char32_t sign) const {
        if (step.goes_on()) fetch(mixed(step.hash, sign));
    }

    bool has(std::u32string_view word) const {
        Step step = root(word[0]);
        for (std::size_t at = 1; at < word.size() && step; ++at) step = next(step, word[at]);
        return step.is_word();
    }

    // The logarithms of a word's frequency and of the sum of all.
    double logarithm(Step word) const { return logarithms_[word.node >> marks]; }
    double total() const { return std::log(static_cast<double>(total_)); }

    // As ``Tokenizer.add_word``: the frequency of a word that is there is replaced, and counted twice. No
    // text holds a word beyond the basic plane in one block, so that such a word is only counted.
    void add(std::u32string_view word, std::int64_t frequency) {
        total_ += frequency;
        for (char32_t sign : word)
            if (sign >= plane) return;
        if (4 * (edges_ + word.size()) > 3 * slots_.size()) throw std::length_error("its words are too long");
        std::uint64_t* slot = &roots_[word[0]];
        std::uint64_t hash = mixed(0, word[0]);
        if (*slot == 0) *slot = new_node();
        for (std::size_t at = 1; at < word.size(); ++at) {
            hash = mixed(hash, word[at]);
            slot = child(*slot, hash, word[at]);
        }
        logarithms_[node_of(*slot) >> marks] = std::log(static_cast<double>(frequency));
        *slot = frequency ? *slot | word_mark : *slot & ~std::uint64_t{word_mark};
    }

    // Lines of ``word frequency …``, as jieba's file has them.
    void add_lines(std::u32string_view lines) {
        std::size_t ahead = 0;
        for (std::size_t start = 0, number = 1; start < lines.size(); ++number) {
            while (ahead < std::min(start + lead, lines.size())) ahead = expect_line(lines, ahead);
            const std::size_t end = std::min(lines.find(U'\n', start), lines.size());
            if (!add_line(lines.substr(start, end - start)))
                throw std::invalid_argument("line " + std::to_string(number) + " holds no word with a frequency");
            start = end + 1;
        }
    }

private:
    static constexpr std::size_t least_slots = 1 << 16;
    static constexpr std::size_t lead = 256;  // characters of lines whose memory is asked for in advance
    static constexpr int marks = 2, node_bits = 23;
    static constexpr std::uint32_t word_mark = 1, inner_mark = 2;
    static constexpr std::uint64_t node_mask = (std::uint64_t{1} << node_bits) - 1;
    static constexpr std::size_t most_nodes = std::size_t{1} << (node_bits - marks);

    static std::uint32_t node_of(std::uint64_t slot) { return static_cast<std::uint32_t>(slot & node_mask); }

    static std::uint64_t key(std::uint32_t from, char32_t sign) {
        return static_cast<std::uint64_t>(from >> marks) << 16 | sign;
    }

    static std::uint64_t mixed(std::uint64_t hash, char32_t sign) {
        hash = (hash ^ sign) * 0x9FB21C651E98DF25ULL;
        return hash ^ (hash >> 32);
    }

    void fetch([[maybe_unused]] std::uint64_t hash) const {
#if defined(__GNUC__)
        __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
#endif
    }

    // Of the key's slot, or of the free one where it would go.
    std::size_t place(std::uint64_t hash, std::uint64_t key) const {
        std::size_t at = hash & (slots_.size() - 1);
        while (slots_[at] != 0 && slots_[at] >> node_bits != key) at = (at + 1) & (slots_.size() - 1);
        return at;
    }

    std::uint32_t new_node() {
        if (logarithms_.size() == most_nodes) throw std::length_error("it has too many words");
        logarithms_.push_back(0);
        return static_cast<std::uint32_t>(logarithms_.size() - 1) << marks;
    }

    // The slot of the edge that leaves the node to which another slot leads.
    std::uint64_t* child(std::uint64_t& from, std::uint64_t hash, char32_t sign) {
        const std::uint64_t edge = key(node_of(from), sign);
        std::uint64_t* slot = &slots_[place(hash, edge)];
        if (*slot == 0) {
            from |= inner_mark;
            *slot = edge << node_bits | new_node();
            ++edges_;
        }
        return slot;
    }

    // Ask for the memory of a line's word; where the next line begins.
    std::size_t expect_line(std::u32string_view lines, std::size_t at) const {
        std::uint64_t hash = 0;
        for (std::size_t start = at; at < lines.size() && lines[at] != U' ' && lines[at] != U'\n'; ++at) {
            hash = mixed(hash, lines[at]);
            if (at > start) fetch(hash);
        }
        return std::min(lines.find(U'\n', at), lines.size() - 1) + 1;
    }

    bool add_line(std::u32string_view line) {
        const std::size_t blank = line.find(U' ');
        if (blank == 0 || blank == line.npos) return false;
        std::int64_t frequency = 0;
        std::size_t at = blank + 1;
        for (; at < line.size() && line[at] >= U'0' && line[at] <= U'9' && frequency < most_frequent; ++at)
            frequency = 10 * frequency + static_cast<std::int64_t>(line[at] - U'0');
        if (at == blank + 1 || (at < line.size() && line[at] != U' ')) return false;
        add(line.substr(0, blank), frequency);
        return true;
    }

    static constexpr std::int64_t most_frequent = 1'000'000'000'000;

    std::vector<std::uint64_t> slots_;
    std::vector<std::uint64_t> roots_;  // the steps of the first characters
    std::vector<double> logarithms_ = {0};  // by node; the first is none
    std::size_t edges_ = 0;
    std::int64_t total_ = 0;
};

}  // namespace wuxing

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
class Dictionary {
public:
    using Step = std::uint32_t;  // a node and its marks; 0 for none

    Dictionary() : slots_(std::size_t{1} << bits), roots_(plane) {}

    static constexpr char32_t plane = 0x10000;

    static bool is_word(Step step) { return step & word_mark; }
    static bool goes_on(Step step) { return step & inner_mark; }

    Step root(char32_t sign) const { return sign < plane ? step_of(roots_[sign]) : 0; }

    Step next(Step step, char32_t sign) const {
        if (!goes_on(step) || sign >= plane) return 0;
        return step_of(slots_[place(key(step, sign))]);
    }

    // Ask for the memory that ``next`` will read.
    void expect(Step step, char32_t sign) const {
#if defined(__GNUC__)
        if (goes_on(step) && sign < plane) __builtin_prefetch(&slots_[first_place(key(step, sign))]);
#endif
    }

    bool has(std::u32string_view word) const {
        Step step = root(word[0]);
        for (std::size_t at = 1; at < word.size() && step; ++at) step = next(step, word[at]);
        return is_word(step);
    }

    // The logarithms of a word's frequency and of the sum of all.
    double logarithm(Step word) const { return logarithms_[word >> marks]; }
    double total() const { return std::log(static_cast<double>(total_)); }

    // As ``Tokenizer.add_word``: the frequency of a word that is there is replaced, and counted twice. No
    // text holds a word beyond the basic plane in one block, so that such a word is only counted.
    void add(std::u32string_view word, std::int64_t frequency) {
        total_ += frequency;
        for (char32_t sign : word)
            if (sign >= plane) return;
        if (2 * (edges_ + word.size()) > slots_.size()) grow();
        std::uint64_t* slot = &roots_[word[0]];
        if (*slot == 0) *slot = new_node();
        for (std::size_t at = 1; at < word.size(); ++at) slot = child(*slot, word[at]);
        logarithms_[step_of(*slot) >> marks] = std::log(static_cast<double>(frequency));
        *slot = frequency ? *slot | word_mark : *slot & ~std::uint64_t{word_mark};
    }

    // Lines of ``word frequency …``, as jieba's file has them.
    void add_lines(std::u32string_view lines) {
        for (std::size_t start = 0, number = 1; start < lines.size(); ++number) {
            const std::size_t end = std::min(lines.find(U'\n', start), lines.size());
            if (!add_line(lines.substr(start, end - start)))
                throw std::invalid_argument("line " + std::to_string(number) + " holds no word with a frequency");
            start = end + 1;
        }
    }

private:
    static constexpr std::size_t bits = 20;
    static constexpr int marks = 2, step_bits = 23;
    static constexpr Step word_mark = 1, inner_mark = 2;
    static constexpr std::uint64_t step_mask = (std::uint64_t{1} << step_bits) - 1;
    static constexpr std::size_t most_nodes = std::size_t{1} << (step_bits - marks);

    static Step step_of(std::uint64_t slot) { return static_cast<Step>(slot & step_mask); }

    static std::uint64_t key(Step from, char32_t sign) {
        return static_cast<std::uint64_t>(from >> marks) << 16 | sign;
    }

    std::size_t first_place(std::uint64_t key) const {
        return (key * 0x9FB21C651E98DF25ULL >> 24) & (slots_.size() - 1);
    }

    // Of the key's slot, or of the free one where it would go.
    std::size_t place(std::uint64_t key) const {
        std::size_t at = first_place(key);
        while (slots_[at] != 0 && slots_[at] >> step_bits != key) at = (at + 1) & (slots_.size() - 1);
        return at;
    }

    Step new_node() {
        if (logarithms_.size() == most_nodes) throw std::length_error("the dictionary has too many words");
        logarithms_.push_back(0);
        return static_cast<Step>(logarithms_.size() - 1) << marks;
    }

    // The slot of the edge that leaves the node to which another slot leads.
    std::uint64_t* child(std::uint64_t& from, char32_t sign) {
        const std::uint64_t edge = key(step_of(from), sign);
        std::uint64_t* slot = &slots_[place(edge)];
        if (*slot == 0) {
            from |= inner_mark;
            *slot = edge << step_bits | new_node();
            ++edges_;
        }
        return slot;
    }

    void grow() {
        std::vector<std::uint64_t> old(2 * slots_.size());
        old.swap(slots_);
        for (std::uint64_t slot : old)
            if (slot != 0) slots_[place(slot >> step_bits)] = slot;
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

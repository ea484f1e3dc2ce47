// A quick first answer to whether a key is known: a Bloom filter of one bit a key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wuxing {

// Of keys that are not there, one in six at most passes. It is small enough for the cache, and without a
// branch, which looking up what is mostly unknown is not.
class Filter {
public:
    explicit Filter(std::size_t keys = 0) {
        std::size_t size = 64;
        for (shift_ = 58; size < 6 * keys; size *= 2) --shift_;
        words_.resize(size / 64);
    }

    void add(std::uint64_t key) { words_[key >> shift_ >> 6] |= bit(key); }

    bool may_hold(std::uint64_t key) const { return (words_[key >> shift_ >> 6] & bit(key)) != 0; }

private:
    std::uint64_t bit(std::uint64_t key) const { return 1ULL << ((key >> shift_) & 63); }

    std::vector<std::uint64_t> words_;
    int shift_;
};

}  // namespace wuxing

// 64-bit keys to values from 0 on, by open addressing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace wuxing {

// Ask for memory that will be read soon: most of what a unit costs is waiting for it.
inline void fetch([[maybe_unused]] const void* address) {
#if defined(__GNUC__)
    __builtin_prefetch(address);
#endif
}

inline constexpr std::uint64_t seed = 0x9AE16A3B2F90404FULL;
inline constexpr std::int32_t none = -1;

// The state of a hash after one more value.
inline std::uint64_t mixed(std::uint64_t state, std::uint64_t value) {
    state = (state ^ value) * 0x9FB21C651E98DF25ULL;
    return state ^ (state >> 32);
}

// Made for a number of keys, of which it holds no more. To stay in the cache, a slot is one word: the
// high 40 bits of its key and the value. The low bits of the key say where to look; a key that is not
// there is taken for one that is in some 10^11 look-ups once. Keys that nobody chose stand in runs of
// some hundred slots at most; chosen ones could make each other's look-ups as long as the table.
class Table {
public:
    static constexpr std::int32_t highest = (1 << 24) - 2;
    static constexpr std::size_t longest_run = 1024;

    explicit Table(std::size_t keys = 0) : room_(keys) {
        std::size_t size = 16;
        while (2 * size < 3 * keys) size *= 2;
        slots_.resize(size);
    }

    void expect(std::uint64_t key) const { fetch(&slots_[key & (slots_.size() - 1)]); }

    std::int32_t get(std::uint64_t key) const {
        const std::uint64_t slot = slots_[place(key)];
        return slot == 0 ? none : static_cast<std::int32_t>(slot & ~tag) - 1;
    }

    // Put a new key, or give one that is there another value.
    void put(std::uint64_t key, std::int32_t value) {
        const std::size_t at = place(key), mask = slots_.size() - 1;
        if (((at - key) & mask) > longest_run) throw std::length_error("too many keys have one place");
        std::uint64_t& slot = slots_[at];
        if (slot == 0 && room_-- == 0) throw std::length_error("more keys than the table was made for");
        if (value > highest) throw std::length_error("a value is higher than 24 bits hold");
        slot = (key & tag) | static_cast<std::uint64_t>(value + 1);
    }

    // Whether no run of taken slots is too long: that is where a look-up ends.
    bool is_even() const {
        std::size_t run = 0;
        for (std::uint64_t slot : slots_)
            if ((run = slot == 0 ? 0 : run + 1) > longest_run) return false;
        return true;
    }

private:
    static constexpr std::uint64_t tag = ~((1ULL << 24) - 1);

    // Of the key's slot, or of the free one where it would go.
    std::size_t place(std::uint64_t key) const {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = key & mask;
        while (slots_[at] != 0 && ((slots_[at] ^ key) & tag) != 0) at = (at + 1) & mask;
        return at;
    }

    std::vector<std::uint64_t> slots_;
    std::size_t room_;
};

}  // namespace wuxing

// UTF-8 to code points, for files of which Python need not make a string.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wuxing {

inline std::u32string decoded(std::string_view bytes) {
    std::u32string points;
    points.reserve(bytes.size() / 2);
    for (std::size_t at = 0; at < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[at]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (length == 0 || at + length > bytes.size()) throw std::invalid_argument("it is not UTF-8");
        char32_t point = length == 1 ? lead : lead & (0x7FU >> length);
        for (std::size_t behind = 1; behind < length; ++behind) {
            const auto part = static_cast<unsigned char>(bytes[at + behind]);
            if ((part & 0xC0) != 0x80) throw std::invalid_argument("it is not UTF-8");
            point = point << 6 | (part & 0x3F);
        }
        points.push_back(point);
        at += length;
    }
    return points;
}

}  // namespace wuxing

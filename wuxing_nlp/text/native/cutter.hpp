// Texts to words, as ``jieba.Tokenizer.cut`` does it (https://github.com/fxsjy/jieba, 0.42.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "dictionary.hpp"
#include "viterbi.hpp"

namespace wuxing {

class Cutter {
public:
    Cutter(Dictionary dictionary, Viterbi viterbi)
        : dictionary_(std::move(dictionary)), viterbi_(std::move(viterbi)), total_(dictionary_.total()) {}

    // Where each word of the text ends.
    const std::vector<std::int32_t>& cut(std::u32string_view text) {
        ends_.clear();
        std::size_t start = 0, end;
        for (; start < text.size(); start = end) {
            for (end = start; end < text.size() && in_block(text[end]);) ++end;
            if (end > start) {
                cut_block(text.substr(start, end - start), start);
                continue;
            }
            end = start + (text.substr(start, 2) == U"\r\n" ? 2 : 1);
            ends_.push_back(static_cast<std::int32_t>(end));
        }
        return ends_;
    }

private:
    struct Choice {
        double score;
        std::int32_t end;
    };

    static bool is_han(char32_t sign) { return sign >= 0x4E00 && sign <= 0x9FD5; }
    static bool is_digit(char32_t sign) { return sign >= U'0' && sign <= U'9'; }
    static bool is_alphanumeric(char32_t sign) {
        return is_digit(sign) || ((sign | 32) >= U'a' && (sign | 32) <= U'z');
    }

    static bool in_block(char32_t sign) {
        return is_han(sign) || is_alphanumeric(sign) ||
               (sign < 128 && std::u32string_view(U"+#&._%-").find(sign) != std::u32string_view::npos);
    }

    void cut_block(std::u32string_view block, std::size_t offset) {
        find_route(block);
        std::size_t left = 0, end;  // of the single characters that no word has taken yet
        for (std::size_t start = 0; start < block.size(); start = end) {
            end = route_[start].end;
            if (end == start + 1) continue;
            cut_leftovers(block.substr(left, start - left), offset + left);
            ends_.push_back(static_cast<std::int32_t>(offset + end));
            left = end;
        }
        cut_leftovers(block.substr(left), offset + left);
    }

    // The most probable way through the dictionary's words from each character on, the longest first word
    // of equals. Sums are made in jieba's own order: ways are often equal but for rounding.
    void find_route(std::u32string_view block) {
        for (std::size_t at = 0; at + 1 < block.size(); ++at)
            dictionary_.expect(dictionary_.root(block[at]), block[at + 1]);
        route_.resize(block.size() + 1);
        route_[block.size()] = {0, 0};
        for (std::size_t start = block.size(); start-- > 0;) route_[start] = best(block, start);
    }

    Choice best(std::u32string_view block, std::size_t start) const {
        Choice found{0, 0};
        Dictionary::Step step = dictionary_.root(block[start]);
        for (std::size_t end = start + 1; step; ++end) {
            if (step.is_word()) {
                const double score = dictionary_.logarithm(step) - total_ + route_[end].score;
                if (!found.end || score >= found.score) found = {score, static_cast<std::int32_t>(end)};
            }
            if (end == block.size()) break;
            step = dictionary_.next(step, block[end]);
        }
        // A character that is no word stands for one of frequency 1.
        if (!found.end) found = {0.0 - total_ + route_[start + 1].score, static_cast<std::int32_t>(start + 1)};
        return found;
    }

    void cut_leftovers(std::u32string_view run, std::size_t offset) {
        if (run.empty()) return;
        if (run.size() > 1 && !dictionary_.has(run)) {
            guess(run, offset);
            return;
        }
        // The route found the characters of a word more probable.
        for (std::size_t at = 1; at <= run.size(); ++at) ends_.push_back(static_cast<std::int32_t>(offset + at));
    }

    // As ``jieba.finalseg.cut``.
    void guess(std::u32string_view run, std::size_t offset) {
        for (std::size_t start = 0, end; start < run.size(); start = end) {
            for (end = start; end < run.size() && is_han(run[end]);) ++end;
            if (end > start) {
                viterbi_.cut(run.substr(start, end - start), static_cast<std::int32_t>(offset + start), ends_);
                continue;
            }
            end = is_alphanumeric(run[start]) ? after_figure(run, start) : start;
            while (end == start || (!is_alphanumeric(run[start]) && end < run.size() && !is_han(run[end]) &&
                                    !is_alphanumeric(run[end])))
                ++end;
            ends_.push_back(static_cast<std::int32_t>(offset + end));
        }
    }

    // ``[a-zA-Z0-9]+(?:\.\d+)?%?``
    static std::size_t after_figure(std::u32string_view run, std::size_t at) {
        while (at < run.size() && is_alphanumeric(run[at])) ++at;
        if (at + 1 < run.size() && run[at] == U'.' && is_digit(run[at + 1])) {
            ++at;
            while (at < run.size() && is_digit(run[at])) ++at;
        }
        return at < run.size() && run[at] == U'%' ? at + 1 : at;
    }

    Dictionary dictionary_;
    Viterbi viterbi_;
    double total_;
    std::vector<Choice> route_;
    std::vector<std::int32_t> ends_;
};

}  // namespace wuxing

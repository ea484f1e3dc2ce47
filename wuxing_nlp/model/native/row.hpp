// The features of one unit while it is read: counts, then values, and the places behind them.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "table.hpp"

namespace wuxing {

struct Spot {
    std::int32_t column, start, end;
};

class Row {
public:
    // ``idf`` of the first columns, those of n-grams, of ``columns``.
    Row(const std::vector<float>& idf, std::size_t columns) : cells_(columns) {
        for (std::size_t at = 0; at < idf.size(); ++at) cells_[at].idf = idf[at];
    }

    void clear(bool placing) {
        for (std::int32_t column : columns_) cells_[column].value = 0;
        columns_.clear();
        spots_.clear();
        first_ = 0;
        placing_ = placing;
    }

    void expect(std::int32_t column) const { fetch(&cells_[column]); }

    void count(std::int32_t column) {
        if (cells_[column].count++ == 0) columns_.push_back(column);
    }

    void place(std::int32_t column, std::int32_t start, std::int32_t end) {
        if (placing_) spots_.push_back({column, start, end});
    }

    void flag(std::int32_t column, float value) {
        if (cells_[column].value == 0) columns_.push_back(column);
        cells_[column].value = value;
    }

    // End a block: the counts of its columns become sublinear tf-idf of unit length.
    void weigh() {
        double total = 0;
        weights_.clear();
        for (std::size_t at = first_; at < columns_.size(); ++at) {
            Cell& cell = cells_[columns_[at]];
            double weight = cell.idf;
            if (cell.count > 1) weight *= 1 + std::log(static_cast<double>(cell.count));
            cell.count = 0;
            weights_.push_back(weight);
            total += weight * weight;
        }
        const double norm = std::sqrt(total);
        for (double weight : weights_) cells_[columns_[first_++]].value = static_cast<float>(weight / norm);
    }

    void append_to(std::vector<std::int32_t>& columns, std::vector<float>& values) const {
        for (std::int32_t column : columns_) {
            columns.push_back(column);
            values.push_back(cells_[column].value);
        }
    }

    const std::vector<Spot>& spots() const { return spots_; }

    // Of each spot's feature, what falls on one character of the spot.
    std::vector<double> parts() {
        std::vector<double> found;
        for (const Spot& spot : spots_) ++cells_[spot.column].count;
        for (const Spot& spot : spots_) {
            const Cell& cell = cells_[spot.column];
            found.push_back(cell.value / static_cast<double>(cell.count) / (spot.end - spot.start));
        }
        for (const Spot& spot : spots_) cells_[spot.column].count = 0;
        return found;
    }

private:
    // What is needed of a column stands together: reading it from memory is what takes time.
    struct alignas(16) Cell {
        float idf = 0;
        float value = 0;
        std::int32_t count = 0;
    };

    std::vector<Cell> cells_;
    std::vector<std::int32_t> columns_;
    std::vector<double> weights_;
    std::vector<Spot> spots_;
    std::size_t first_ = 0;
    bool placing_ = false;
};

}  // namespace wuxing

// Visits a variant with one lambda a case. A missing case does not compile, which is the point.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

namespace lockstep {

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

// std::visit, as a chain of comparisons: std::visit makes a function and a table entry for every case, which the
// optimiser cannot see through, and which would be a twentieth of the hub's module.
template <class Variant, class Visitor, std::size_t Index = 0>
decltype(auto) visit_each(Visitor&& visitor, Variant& variant) {
    constexpr std::size_t last = std::variant_size_v<std::remove_const_t<Variant>> - 1;
    if constexpr (Index == last) {
        return std::forward<Visitor>(visitor)(*std::get_if<Index>(&variant));
    } else {
        if (variant.index() == Index) return std::forward<Visitor>(visitor)(*std::get_if<Index>(&variant));
        return visit_each<Variant, Visitor, Index + 1>(std::forward<Visitor>(visitor), variant);
    }
}

// match(variant, one lambda a case …)
template <class Variant, class... Cases>
decltype(auto) match(Variant& variant, Cases&&... cases) {
    return visit_each(Overloaded{std::forward<Cases>(cases)...}, variant);
}

}  // namespace lockstep

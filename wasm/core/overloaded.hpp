// Visits a variant with one lambda a case. A missing case does not compile, which is the point.
#pragma once

namespace lockstep {

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace lockstep

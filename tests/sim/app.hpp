// The app at the other end of the port: what it says, what it was told, and what it is still owed an answer to. It is
// as careless as real apps are: it repeats itself, names sessions that are long gone, and sends secrets.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/apps.hpp"
#include "tests/sim/prng.hpp"
#include "tests/sim/provider.hpp"
#include "tests/sim/reference_model.hpp"
#include "tests/sim/told.hpp"

namespace lockstep::sim {

// Stands in every secret an app sends. No store and no message may ever hold it (R13).
inline constexpr std::string_view secret_marker = "hunter2";

// A duty that the app was given, and may answer once, twice, late or never.
struct Work {
    std::uint32_t port = 0;
    std::uint32_t call = 0;
    DutyKind duty{};
    std::optional<LogicalTimestamp> session;  // which it showed then: it asks the provider about that one
};
inline constexpr std::size_t works_max = 4;

struct Skill {  // what it can do for all tabs
    bool check = false;
    bool end = false;
};

struct App {
    const AppPlace* place = nullptr;
    Skill skill;
    std::deque<Work> works;
    std::uint32_t port = 0;                // 0: none
    std::optional<Told> told;              // on this port
    std::optional<Told> shows;             // on any port, of what could be read
    std::optional<Told> base;              // what its hub knows that it shows: where the next story begins
    std::vector<LogicalTimestamp> tokens;  // sessions it was ever told of
    std::vector<std::uint32_t> owed;       // requests that wait for an answer
    std::uint32_t id_last = 0;
};

// A new handshake; the app may have forgotten what it showed.
[[nodiscard]] std::string hello_text(App& app, Prng& chance);

// A login and what the hub may make of it.
struct LoginText {
    std::string text;
    LoginAsked asked;
};
[[nodiscard]] LoginText login_text(App& app, Prng& chance, EpochMs now);

struct LogoutText {
    std::string text;
    std::optional<LogicalTimestamp> names;
};
[[nodiscard]] LogoutText logout_text(App& app, Prng& chance);

[[nodiscard]] std::string garbage_text(Prng& chance);

// app_duty.cpp
[[nodiscard]] std::string duties_text(const Skill& skill);
[[nodiscard]] std::string check_text(App& app);
// What it says of a duty. Without an outcome it is garbage.
struct OutcomeText {
    std::string text;
    std::optional<Outcome> outcome;
};
[[nodiscard]] OutcomeText outcome_text(const Work& work, const Provider& provider, Prng& chance, EpochMs now);
[[nodiscard]] OutcomeText true_outcome_text(const Work& work, const Provider& provider, Prng& chance, EpochMs now);
// What the address of the hub's own check answers; no text: not a 200.
struct FetchedText {
    std::optional<std::string> text;
    Outcome outcome{};
};
[[nodiscard]] FetchedText fetched_text(const ProviderAnswer& answer, Prng& chance);

// check_told.cpp: what the hub has just said to its app.
[[nodiscard]] Violation check_told(const ReferenceModel& reference, const App& app, const Message& message,
                                   EpochMs now);
// The app takes it in.
void told(App& app, const Message& message);

}  // namespace lockstep::sim

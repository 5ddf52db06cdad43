// The app at the other end of the port: what it says, what it was told, and what it is still owed an answer to. It is as careless
// as real apps are: it repeats itself, names sessions that are long gone, and sends secrets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/apps.hpp"
#include "tests/sim/prng.hpp"
#include "tests/sim/told.hpp"
#include "tests/sim/witness.hpp"

namespace lockstep::sim {

// Stands in every secret an app sends. No store and no message may ever hold it (R13).
inline constexpr std::string_view secret_marker = "hunter2";

struct App {
    const AppPlace* place = nullptr;
    std::uint32_t port = 0;           // 0: none
    std::optional<Told> told;         // on this port
    std::optional<Told> shows;        // on any port, of what could be read
    std::optional<Told> base;         // what its hub knows that it shows: where the next story begins
    std::vector<Stamp> tokens;        // sessions it was ever told of
    std::vector<std::uint32_t> owed;  // requests that wait for an answer
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
    std::optional<Stamp> names;
};
[[nodiscard]] LogoutText logout_text(App& app, Prng& chance);

[[nodiscard]] std::string garbage_text(Prng& chance);

// check_told.cpp: what the hub has just said to its app.
[[nodiscard]] Violation check_told(const Witness& witness, const App& app, const Message& message, EpochMs now);
// The app takes it in.
void told(App& app, const Message& message);

}  // namespace lockstep::sim

// The app at the other end of the port: the messages it sends, the snapshots it has received, and its pending requests.
// It makes the mistakes of real apps: it repeats requests, names sessions that ended long ago, and sends secrets.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/apps.hpp"
#include "tests/sim/message.hpp"
#include "tests/sim/prng.hpp"
#include "tests/sim/provider.hpp"
#include "tests/sim/reference_model.hpp"

namespace lockstep::sim {

// Part of every secret that an app sends. No store and no message may ever contain it (R13).
inline constexpr std::string_view secret_marker = "hunter2";

// A duty that the hub gave to the app. The app may answer it once, twice, late or never.
struct GivenDuty {
    std::uint32_t port = 0;
    std::uint32_t call = 0;
    DutyKind duty{};
    std::optional<LogicalTimestamp> session;  // the one it displayed then, and asks the provider about
};
inline constexpr std::size_t given_duties_max = 4;

struct Abilities {  // which duties it can do for all tabs
    bool check = false;
    bool end = false;
};

struct App {
    const AppPlace* place = nullptr;
    Abilities abilities;
    std::deque<GivenDuty> given_duties;
    std::uint32_t port = 0;                     // 0: none
    std::optional<ReceivedSnapshot> received;   // on this port
    std::optional<ReceivedSnapshot> displayed;  // on any port, without `unavailable`
    std::optional<ReceivedSnapshot>
        known_to_hub;  // what the hub knows that the app displays: the next session events start there
    std::vector<std::pair<LogicalTimestamp, std::string>> tokens;  // and subjects of all sessions it has received
    // A login flow that has begun: the last end that the app had been shown then. It outlives the page.
    std::optional<std::optional<LastEnd>> flow;
    std::vector<std::uint32_t> pending;  // requests that wait for an answer
    std::uint32_t id_last = 0;
};

// A new handshake; the app may no longer know what it displayed.
[[nodiscard]] std::string hello_text(App& app, Prng& chance);

// A login as text, and the part of it that the reference model needs.
struct LoginText {
    std::string text;
    LoginAsked asked;
};
[[nodiscard]] LoginText login_text(App& app, Prng& chance, EpochMs now);
// The login flow begins now, and ends with a login: a redirect, or a silent sign-in that takes long.
void begin_login(App& app);

struct LogoutText {
    std::string text;
    std::optional<LogicalTimestamp> session;
    std::string subject;  // of that session, where the app has received it
    bool is_displayed = false;
};
[[nodiscard]] LogoutText logout_text(App& app, Prng& chance);

[[nodiscard]] std::string garbage_text(Prng& chance);

// app_duty.cpp
[[nodiscard]] std::string duties_text(const Abilities& abilities);
[[nodiscard]] std::string check_text(App& app);
// The answer to a duty. Without an outcome it is garbage.
struct OutcomeText {
    std::string text;
    std::optional<Outcome> outcome;
};
[[nodiscard]] OutcomeText outcome_text(const GivenDuty& given, const Provider& provider, Prng& chance, EpochMs now);
[[nodiscard]] OutcomeText true_outcome_text(const GivenDuty& given, const Provider& provider, Prng& chance,
                                            EpochMs now);
// The response of `check.url`. No text means that the status was not 200.
struct FetchedText {
    std::optional<std::string> text;
    Outcome outcome{};
};
[[nodiscard]] FetchedText fetched_text(const ProviderAnswer& answer, Prng& chance);

// check_message.cpp: a message that the hub has just sent to its app.
[[nodiscard]] Violation check_message(const ReferenceModel& reference, const App& app, const Message& message,
                                      EpochMs now);
void receive(App& app, const Message& message);

}  // namespace lockstep::sim

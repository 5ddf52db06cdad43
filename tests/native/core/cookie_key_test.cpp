// Every row of the state table of the cookie's key (PROTOCOL §4.3) and of a cookie that goes (§4.2). Each name is the
// promise it proves.
#include "wasm/core/cookie_key.hpp"

#include <catch2/catch.hpp>
#include <initializer_list>

using namespace lockstep;

namespace {

using Adopts = CookieKey::Adopts;

constexpr std::string_view none;
constexpr std::string_view own = "11;";  // the hubs' key
constexpr std::string_view own_again = "11~;";
constexpr std::string_view own_beside_strange = "66;11;";

[[nodiscard]] CookieKey knowing(std::string key) { return {std::move(key), Adopts::nothing, {}, {}, true}; }
[[nodiscard]] CookieKey trying(std::string found) { return {{}, Adopts::found, std::move(found), {}, false}; }

[[nodiscard]] KeySeen seen(KeyEvent event, std::string_view values) { return {event, values, {}, false, true, false}; }

[[nodiscard]] KeyDecision acts(std::initializer_list<KeyAct> acts, std::string_view key = {}) {
    KeyDecision decision{0, key};
    for (const KeyAct act : acts) decision.acts |= 1U << static_cast<unsigned>(act);
    return decision;
}
[[nodiscard]] KeyDecision no_cookie() { return acts({KeyAct::use_key}); }

}  // namespace

TEST_CASE("a hub that knows no key tries what it finds, in the other form", "[store]") {
    CookieKey hub;
    SECTION("a new key where there is none") {
        CHECK(decide_key(hub, seen(KeyEvent::probed, none)) == acts({KeyAct::write_new_key, KeyAct::read_again}));
        CHECK(hub.adopts == Adopts::new_key);
    }
    SECTION("a plain key is marked") {
        CHECK(decide_key(hub, seen(KeyEvent::probed, "66;")) == acts({KeyAct::write_marked, KeyAct::read_again}, "66"));
        CHECK(hub == trying("66"));
    }
    SECTION("a marked key is written plain") {
        CHECK(decide_key(hub, seen(KeyEvent::probed, "66~;")) == acts({KeyAct::write_plain, KeyAct::read_again}, "66"));
        CHECK(hub == trying("66~"));
    }
    SECTION("what is no key is replaced by a new one") {
        CHECK(decide_key(hub, seen(KeyEvent::probed, "~;")) == acts({KeyAct::write_new_key, KeyAct::read_again}));
        CHECK(decide_key(hub, seen(KeyEvent::probed, ";")) == acts({KeyAct::write_new_key, KeyAct::read_again}));
    }
    SECTION("of two keys it uses none") {
        CHECK(decide_key(hub, seen(KeyEvent::probed, own_beside_strange)) == no_cookie());
        CHECK(hub == CookieKey{});
    }
}

TEST_CASE("a hub that knows the key goes on with it, whatever stands beside it", "[store]") {
    CookieKey hub = knowing("11");
    for (const std::string_view values : {own, own_again, own_beside_strange}) {
        CHECK(decide_key(hub, seen(KeyEvent::probed, values)) == acts({KeyAct::use_key}, "11"));
        CHECK(hub == knowing("11"));
    }
    SECTION("it writes the key again where it is gone") {
        CHECK(decide_key(hub, seen(KeyEvent::probed, none)) == acts({KeyAct::write_plain, KeyAct::read_again}, "11"));
        CHECK(decide_key(hub, seen(KeyEvent::written, own)) == acts({KeyAct::use_key}, "11"));
    }
    SECTION("it forgets the key where that cannot be written") {
        static_cast<void>(decide_key(hub, seen(KeyEvent::probed, none)));
        CHECK(decide_key(hub, seen(KeyEvent::written, none)) == no_cookie());
        CHECK(hub == knowing(""));
    }
    SECTION("of two others it uses none, and forgets its own") {
        CHECK(decide_key(hub, seen(KeyEvent::probed, "66;22;")) == no_cookie());
        CHECK(hub == knowing(""));
    }
    SECTION("another key takes the place of its own when it has been tried, and nothing stays under the earlier one") {
        CHECK(decide_key(hub, seen(KeyEvent::probed, "22;")) == acts({KeyAct::write_marked, KeyAct::read_again}, "22"));
        CHECK(decide_key(hub, seen(KeyEvent::written, "22~;")) == acts({KeyAct::await_change}));
        CHECK(decide_key(hub, seen(KeyEvent::change_reported, "22~;")) ==
              acts({KeyAct::delete_record, KeyAct::use_key}, "22"));
        CHECK(hub.key == "22");
    }
    SECTION("a key that comes back while another is tried keeps its record") {
        static_cast<void>(decide_key(hub, seen(KeyEvent::probed, "22;")));
        static_cast<void>(decide_key(hub, seen(KeyEvent::written, own)));
        static_cast<void>(decide_key(hub, seen(KeyEvent::written, own_again)));
        CHECK(decide_key(hub, seen(KeyEvent::change_reported, own_again)) == acts({KeyAct::use_key}, "11"));
    }
}

TEST_CASE("a key is used when it is the only one at once, and again when a change was reported", "[store]") {
    CookieKey hub = trying("66");
    CHECK(decide_key(hub, seen(KeyEvent::written, "66~;")) == acts({KeyAct::await_change}));
    CHECK(decide_key(hub, seen(KeyEvent::change_reported, "66~;")) ==
          acts({KeyAct::use_key, KeyAct::write_companion}, "66"));
    CHECK(hub.key == "66");
    CHECK(hub.adopts == Adopts::nothing);
    SECTION("the companion is written once in a document, since a user who clears takes it along") {
        CHECK(decide_key(hub, seen(KeyEvent::probed, "66~;")) == acts({KeyAct::use_key}, "66"));
    }
}

TEST_CASE("a stranger's key shows beside what the hub has written, and nothing of it stays behind", "[store]") {
    for (const KeyEvent event : {KeyEvent::written, KeyEvent::change_reported}) {
        CookieKey hub = trying("66");
        // In the form in which it was found, or in the other.
        const std::string_view both = event == KeyEvent::written ? "66;66~;" : "66~;66~;";
        CHECK(decide_key(hub, seen(event, both)) == acts({KeyAct::write_new_key, KeyAct::use_key}));
        CHECK(hub == CookieKey{{}, Adopts::nothing, "66", {}, false});
    }
}

TEST_CASE("the hubs' key stays where a stranger lays one beside it while it is tried", "[store]") {
    for (const KeyEvent event : {KeyEvent::written, KeyEvent::change_reported}) {
        CookieKey hub = trying("11");
        CHECK(decide_key(hub, seen(event, "66;11~;")) == no_cookie());
    }
}

TEST_CASE("a key is not used where no change is reported, or nothing can be written", "[store]") {
    CookieKey hub = trying("66");
    CHECK(decide_key(hub, seen(KeyEvent::change_missed, "66~;")) == no_cookie());
    hub = trying("66");
    CHECK(decide_key(hub, seen(KeyEvent::written, none)) == no_cookie());
    hub = CookieKey{};
    static_cast<void>(decide_key(hub, seen(KeyEvent::probed, none)));
    CHECK(decide_key(hub, seen(KeyEvent::written, none)) == no_cookie());
    CHECK(hub.adopts == Adopts::nothing);
}

TEST_CASE("what stands in the place of the key that was tried is tried itself", "[store]") {
    const KeyDecision tried = acts({KeyAct::write_marked, KeyAct::read_again}, "66");
    CookieKey hub;
    static_cast<void>(decide_key(hub, seen(KeyEvent::probed, none)));
    CHECK(decide_key(hub, seen(KeyEvent::written, "66;")) == tried);
    hub = trying("11");
    CHECK(decide_key(hub, seen(KeyEvent::change_reported, "66;")) == tried);
    CHECK(hub == trying("66"));
}

TEST_CASE("a hub probes again when another key is written, and not when its own is", "[store]") {
    CookieKey hub = knowing("11");
    KeySeen change = seen(KeyEvent::key_written, own_again);
    change.written = "11~";
    CHECK(decide_key(hub, change) == acts({}));
    change.written = "66";
    CHECK(decide_key(hub, change) == acts({KeyAct::probe_again}));
}

TEST_CASE("R4: what goes with its key, or after its hubs, was not cleared", "[store][R4]") {
    for (const KeyEvent event : {KeyEvent::key_deleted, KeyEvent::record_gone, KeyEvent::clearing_over}) {
        CookieKey hub = knowing("11");
        CHECK(decide_key(hub, seen(event, "22;")) == acts({KeyAct::probe_again}));
        KeySeen abandoned = seen(event, own);
        abandoned.marked = true;
        CHECK(decide_key(hub, abandoned) == acts({KeyAct::probe_again}));
        hub = CookieKey{};
        CHECK(decide_key(hub, seen(event, none)) == acts({KeyAct::probe_again}));
        CHECK_FALSE(hub.clearing.has_value());
    }
}

TEST_CASE("K6.4: whether the user has cleared or the jar has made room is seen when a clearing is over",
          "[store][R4]") {
    CookieKey hub = knowing("11");
    KeySeen gone = seen(KeyEvent::record_gone, own);
    KeySeen over = seen(KeyEvent::clearing_over, own);
    SECTION("the companion is there both times: the jar has made room") {
        CHECK(decide_key(hub, gone) == acts({KeyAct::await_clearing}));
        CHECK(decide_key(hub, seen(KeyEvent::key_deleted, own)) == acts({}));  // it waits for one clearing at a time
        CHECK(decide_key(hub, over) == acts({KeyAct::report_eviction}));
        CHECK(hub == knowing("11"));
    }
    SECTION("it was missing at once") {
        gone.companion_left = false;
        CHECK(decide_key(hub, gone) == acts({KeyAct::await_clearing}));
        CHECK(decide_key(hub, over) == acts({KeyAct::report_clear}));
    }
    SECTION("it is missing when the clearing is over") {
        over.companion_left = false;
        CHECK(decide_key(hub, gone) == acts({KeyAct::await_clearing}));
        CHECK(decide_key(hub, over) == acts({KeyAct::report_clear}));
    }
    SECTION("the record was written again, and its key with it where that is gone") {
        over.record_left = true;
        CHECK(decide_key(hub, gone) == acts({KeyAct::await_clearing}));
        CHECK(decide_key(hub, over) == acts({}));
        over.values = none;
        CHECK(decide_key(hub, over) == acts({KeyAct::write_plain}, "11"));
    }
    SECTION("a key that is gone alone is no loss of the record") {
        CHECK(decide_key(hub, seen(KeyEvent::key_deleted, none)) == acts({KeyAct::await_clearing}));
        CHECK(decide_key(hub, over) == acts({}));
    }
}

TEST_CASE("a record is stored with its companion, and with its key where that is gone", "[store]") {
    CookieKey hub = knowing("11");
    CHECK(decide_key(hub, seen(KeyEvent::storing, own)) == acts({KeyAct::write_companion}));
    CHECK(decide_key(hub, seen(KeyEvent::storing, none)) == acts({KeyAct::write_plain, KeyAct::write_companion}, "11"));
}

TEST_CASE("K6.1: a hub with a handle finds the record under the one key, and writes nothing for that", "[store]") {
    CookieKey hub;
    CHECK(decide_key(hub, seen(KeyEvent::access_granted, own_again)) == acts({KeyAct::use_key}, "11"));
    CHECK(decide_key(hub, seen(KeyEvent::access_granted, own_beside_strange)) == acts({}));
    CHECK(decide_key(hub, seen(KeyEvent::access_granted, none)) == acts({}));
}

TEST_CASE("K6.1: who abandons the cookie replaces its key, if there is one, and deletes the records", "[store]") {
    CookieKey hub;
    CHECK(decide_key(hub, seen(KeyEvent::store_changed, own)) == acts({KeyAct::write_new_key, KeyAct::delete_records}));
    CHECK(decide_key(hub, seen(KeyEvent::store_changed, none)) == acts({KeyAct::delete_records}));
}

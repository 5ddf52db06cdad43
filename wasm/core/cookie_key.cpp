#include "wasm/core/cookie_key.hpp"

#include <utility>

namespace lockstep {
namespace {

using Adopts = CookieKey::Adopts;

// At the end of a key it says no more than that a hub has written the key again.
constexpr std::string_view mark = "~";

[[nodiscard]] std::string_view key_of(std::string_view value) {
    return value.substr(0, value.size() - (value.ends_with(mark) ? 1 : 0));
}

// The cookies of the key's name, for a hub in this state.
struct Keys {
    unsigned count = 0;
    std::string_view first;
    bool has_own = false;      // in either form
    bool has_strange = false;  // the key that was found is still there, beside what the hub has written

    // A hub has begun anew, or a stranger's key is left.
    [[nodiscard]] bool are_others() const { return count > 0 && !has_own; }
};

[[nodiscard]] Keys read_keys(const CookieKey& state, std::string_view values) {
    Keys keys;
    unsigned found = 0;
    for (std::size_t end = 0; (end = values.find(';')) != std::string_view::npos; values.remove_prefix(end + 1)) {
        const std::string_view value = values.substr(0, end);
        if (keys.count++ == 0) keys.first = value;
        keys.has_own |= !state.key.empty() && key_of(value) == state.key;
        if (state.adopts != Adopts::found || key_of(value) != key_of(state.found)) continue;
        // A stranger may have changed its form, too.
        keys.has_strange |= value == state.found || ++found > 1;
    }
    return keys;
}

void add(KeyDecision& decision, KeyAct act) { decision.acts |= 1U << static_cast<unsigned>(act); }

void use_key(KeyDecision& decision, CookieKey& state) {
    state.adopts = Adopts::nothing;
    decision.key = state.key;
    add(decision, KeyAct::use_key);
    // Once in a document: a user who clears takes it along.
    if (state.key.empty() || std::exchange(state.has_written_companion, true)) return;
    add(decision, KeyAct::write_companion);
}

void use_no_cookie(KeyDecision& decision, CookieKey& state) {
    state.key.clear();
    use_key(decision, state);
}

// The user may have deleted the key's cookie, or the browser has made room.
void restore(KeyDecision& decision, const CookieKey& state, const Keys& keys) {
    if (state.key.empty() || keys.count > 0) return;
    decision.key = state.key;
    add(decision, KeyAct::write_plain);
}

// When a hub writes a key again, it does so in the other form: it then differs from what was found, and a stranger's is
// still there beside it.
void probe(KeyDecision& decision, CookieKey& state, const Keys& keys) {
    if (keys.has_own) return use_key(decision, state);
    if (keys.count > 1) return use_no_cookie(decision, state);
    add(decision, KeyAct::read_again);
    state.adopts = Adopts::nothing;
    restore(decision, state, keys);
    if (!decision.key.empty()) return;
    state.adopts = keys.count > 0 ? Adopts::found : Adopts::new_key;
    state.found = keys.first;
    decision.key = key_of(state.found);
    add(decision, decision.key.empty()                       ? KeyAct::write_new_key
                  : decision.key.size() < state.found.size() ? KeyAct::write_plain
                                                             : KeyAct::write_marked);
}

// The key is read at once, and once more: a stranger's may have been gone for a moment.
void try_key(KeyDecision& decision, CookieKey& state, KeyEvent event, const Keys& keys) {
    const bool is_only_one = keys.count == 1 && event != KeyEvent::change_missed;
    if (state.adopts == Adopts::nothing) {
        if (!keys.has_own) state.key.clear();
    } else if (!is_only_one) {
        // Nothing that a stranger could know stays behind.
        if (keys.count > 1 && keys.has_strange) add(decision, KeyAct::write_new_key);
        state.key.clear();
    } else if (state.adopts == Adopts::new_key || key_of(keys.first) != key_of(state.found)) {
        return probe(decision, state, keys);  // it is tried as any other: a stranger's may be in its place by now
    } else if (event == KeyEvent::written) {
        return add(decision, KeyAct::await_change);
    } else if (!keys.has_own) {
        if (!state.key.empty()) add(decision, KeyAct::delete_record);
        state.key = key_of(keys.first);
    }
    use_key(decision, state);
}

// What is gone together with its key, or after its hubs, was not cleared (R4). Whether the user has cleared, or the
// browser has made room, is seen when a clearing must be over. The companion is read before that as well: a tab that is
// opened meanwhile leaves one again.
void cookie_gone(KeyDecision& decision, CookieKey& state, const KeySeen& seen, const Keys& keys) {
    const bool is_over = seen.event == KeyEvent::clearing_over;
    const Clearing clearing = state.clearing.value_or(Clearing{false, seen.companion_left});
    const bool was_awaited = state.clearing.has_value();
    if (is_over) state.clearing.reset();
    if (keys.are_others() || seen.marked || state.key.empty()) return add(decision, KeyAct::probe_again);
    if (!is_over) {
        if (!was_awaited) add(decision, KeyAct::await_clearing);
        state.clearing = clearing;
        state.clearing->record_gone |= seen.event == KeyEvent::record_gone;
        return;
    }
    // Somebody may have written the record again. Without its key no other hub would find it.
    if (seen.record_left) return restore(decision, state, keys);
    const bool is_eviction = clearing.companion_left && seen.companion_left;
    if (clearing.record_gone) add(decision, is_eviction ? KeyAct::report_eviction : KeyAct::report_clear);
}

}  // namespace

KeyDecision decide_key(CookieKey& state, const KeySeen& seen) {
    const Keys keys = read_keys(state, seen.values);
    KeyDecision decision;
    switch (seen.event) {
        case KeyEvent::probed: probe(decision, state, keys); break;
        case KeyEvent::written:
        case KeyEvent::change_reported:
        case KeyEvent::change_missed: try_key(decision, state, seen.event, keys); break;
        case KeyEvent::key_written:
            if (key_of(seen.written) != state.key) add(decision, KeyAct::probe_again);
            break;
        case KeyEvent::key_deleted:
        case KeyEvent::record_gone:
        case KeyEvent::clearing_over: cookie_gone(decision, state, seen, keys); break;
        case KeyEvent::storing:
            restore(decision, state, keys);
            add(decision, KeyAct::write_companion);
            break;
        case KeyEvent::access_granted:
            if (keys.count != 1) break;
            state.key = key_of(keys.first);
            decision.key = state.key;
            add(decision, KeyAct::use_key);
            break;
        case KeyEvent::store_changed:
            // The new key comes first: hubs that are still in the cookie take what goes after it for replaced, and not
            // for cleared.
            if (keys.count > 0) add(decision, KeyAct::write_new_key);
            add(decision, KeyAct::delete_records);
            break;
    }
    return decision;
}

}  // namespace lockstep

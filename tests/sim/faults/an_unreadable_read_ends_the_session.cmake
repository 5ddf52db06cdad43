# R4: garbage in the store is taken for a logout.
set(source wasm/core/memory.cpp)
set(from [=[[](const read::Unreadable&) {}]=])
set(to [=[[&](const read::Unreadable&) {
            if (!state.record || !is_active(*state.record)) return;
            state.record = ended_copy(*state.record, End{EndReason::cleared, "", 0}, LogicalTimestamp{++state.revision_seen, state.writer});
        }]=])
set(seeds_max 200)

// SPDX-License-Identifier: MIT
// Works an inbox off: claims entries one at a time, calls their handlers, ends the attempts.
#ifndef WEBHOOKPP_WORKER_HPP
#define WEBHOOKPP_WORKER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/detail/option_check.hpp>
#include <webhookpp/detail/plain_text.hpp>
#include <webhookpp/detail/running_attempts.hpp>
#include <webhookpp/detail/work_dispatch.hpp>
#include <webhookpp/entry.hpp>
#include <webhookpp/error.hpp>
#include <webhookpp/handlers.hpp>
#include <webhookpp/inbox.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/retry_schedule.hpp>
#include <webhookpp/tolerance.hpp>
#include <webhookpp/verified_message.hpp>
#include <webhookpp/work.hpp>

namespace webhookpp {

/// How an attempt ended, for the log. All views are valid during the call that gets it.
struct attempt_outcome {
    /// The entry as it was claimed.
    const webhookpp::entry& entry;

    /// What it is now: done, ready to be tried again, or dead.
    entry_state state = entry_state::done;

    /// Why it is not done: `handler_failed` with what the handler says of it, or with what else
    /// kept it from being handled; what is wrong with the body. With `lost` why nobody knows:
    /// `in_progress` if somebody else has the lease, or the error of the store.
    std::optional<webhookpp::error> error = std::nullopt;

    /// The `what()` of the exception that the handler threw.
    std::string_view exception_text = {};

    /// Unix milliseconds: when it is tried again, if it is ready.
    std::int64_t ready_at = 0;

    /// Whether a handler took the event. A done entry without means that none wants it.
    bool handled = false;

    /// The end of the attempt could not be recorded: somebody else has the lease, or the store
    /// failed. The entry is tried again, and nothing that was written in its transaction stays.
    bool lost = false;
};

/// How a worker is set up.
struct worker_options {
    /// How long an attempt may take without being renewed; after that the entry is claimed again.
    /// `workers` renew it all the time, so it is how long entries of a process that died wait.
    /// 1 second to 1 day.
    seconds lease{60};

    /// When failed attempts are repeated.
    retry_schedule retries = {};

    /// How long dead entries are kept, with their bodies: by default 90 days. 1 second to 10 years.
    seconds keep_dead{7'776'000};

    /// Who claims, for people who look at the table: host and process. Plain text, of which at
    /// most 128 bytes are kept.
    std::string owner = "webhookpp";

    /// Called once for each attempt, from the thread that made it. What it throws is ignored.
    std::function<void(const attempt_outcome&)> log = {};
};

/// Takes entries of an inbox and has them handled. `workers` runs one in threads of its own; hosts
/// with a loop of their own call `run_one` from it.
///
/// Set up from one thread; then all functions may be called from any number of threads.
template <class Inbox>
class worker {
public:
    /// The inbox's store.
    using store_type = typename Inbox::store_type;
    /// What handlers may take beside the event.
    using work_type = work<store_type>;

    /// Throws `exception` with `invalid_option` where `try_create` returns it.
    explicit worker(Inbox inbox, worker_options options = {})
        : worker(try_create(std::move(inbox), std::move(options)).value()) {}

    /// As the constructor, with the error as a value: `invalid_option` for options beyond their
    /// bounds.
    [[nodiscard]] static result<worker> try_create(Inbox inbox, worker_options options = {}) {
        if (auto bad = detail::check_lease(options.lease); !bad) return unexpected(bad.error());
        const retry_schedule& retries = options.retries;
        if (retries.first.count() < 1 || retries.longest.count() < retries.first.count() ||
            retries.longest.count() > detail::one_day || retries.attempts < 1 ||
            retries.attempts > 1000) {
            return unexpected(errc::invalid_option,
                              "retries begin after 1 second to 1 day, and end after 1 to 1,000");
        }
        if (options.keep_dead.count() < 1 || options.keep_dead.count() > 3650 * detail::one_day) {
            return unexpected(errc::invalid_option, "dead entries are kept 1 second to 10 years");
        }
        options.owner = detail::plain_text(detail::cut_text(options.owner, 128));
        return worker(std::move(inbox), std::move(options), checked());
    }

    /// Has entries of `endpoint` decoded by `parser` and handled by `handle`, whose functions take
    /// `const E&`, or `const E&` and `work<Store>&`, or `const E&` and `const verified_message&`,
    /// and return nothing or a `disposition`. Entries of endpoints without handlers are tried again
    /// until they are dead.
    template <class Parser, class... Functions>
    worker& handle(std::string endpoint, Parser parser, handlers<Functions...> handle) {
        detail::check_endpoint(endpoint).value();
        routes_.insert_or_assign(std::move(endpoint),
                                 [decoder = std::move(parser), all = std::move(handle)](
                                     work_type& of) { return attempt(decoder, all, of); });
        return *this;
    }

    /// Claims one entry, has it handled and records what came of that. Returns whether there was
    /// one. Errors: those of the store; then nothing was claimed, or, as the log is told, an
    /// attempt could not be ended.
    [[nodiscard]] result<bool> run_one() const noexcept {
#if defined(__cpp_exceptions)
        try {
            return claim_one();
        } catch (...) {
            return unexpected(errc::internal_error, "worker");
        }
#else
        return claim_one();
#endif
    }

    /// Renews the leases of all attempts that are being made. To be called about three times in
    /// each lease, by whoever calls `run_one` with handlers that may take as long as that.
    void renew_leases() const noexcept {
        // If the store cannot tell, the next call may: nothing is lost until somebody claims.
        ask_for_each_lease([this](const lease& each) {
            return inbox_.store().renew(each, inbox_.clock().milliseconds(), lease_length());
        });
    }

    /// Gives all entries back whose attempts are being made, as if these had never begun. What
    /// their handlers still do does not count any more. An entry stays where it is if the store
    /// fails: then its attempt goes on.
    void hand_back() const noexcept {
        ask_for_each_lease([this](const lease& each) {
            const std::int64_t now = inbox_.clock().milliseconds();
            return inbox_.store()
                .settle(each, {.state = entry_state::ready, .ready_at = now, .counts = false}, now)
                .transform([](bool) { return false; });
        });
    }

    /// How many attempts are being made.
    [[nodiscard]] std::size_t running() const noexcept {
        return running_->size();
    }

    /// The inbox that it works off.
    [[nodiscard]] const Inbox& inbox() const noexcept {
        return inbox_;
    }
    /// How it was set up.
    [[nodiscard]] const worker_options& options() const noexcept {
        return options_;
    }

private:
    // What a handler made of an entry.
    struct verdict {
        disposition wanted = disposition::done();
        std::optional<webhookpp::error> error = std::nullopt;
        std::string exception_text = {};
        bool handled = false;
    };
    using route = std::function<verdict(work_type&)>;

    struct checked {};
    worker(Inbox inbox, worker_options options, checked)
        : inbox_(std::move(inbox)),
          options_(std::move(options)),
          running_(std::make_unique<detail::running_attempts>()) {}

    // `ask` says whether a lease is still held. Nothing is locked meanwhile: a store may have to
    // wait for the transaction of a handler.
    template <class Ask>
    void ask_for_each_lease(Ask ask) const noexcept {
        const auto ask_all = [&] {
            for (const lease& each : running_->leases()) {
                const result<bool> held = ask(each);
                if (held && !*held) running_->lose(each);
            }
        };
#if defined(__cpp_exceptions)
        try {
            ask_all();
        } catch (...) {
            // Memory ran out. The leases do so too, if that is how it stays.
            return;
        }
#else
        ask_all();
#endif
    }

    template <class Parser, class... Functions>
    static verdict attempt(const Parser& decoder, const handlers<Functions...>& all,
                           work_type& of) {
        verdict made;
        const auto event = decoder.parse(of.message());
        if (!event) {
            made.error = event.error();
            // A body that cannot be decoded will never be, but memory may be there again.
            made.wanted = http_status(event.error().code) == 400 ? disposition::dead({})
                                                                 : disposition::retry();
            return made;
        }
#if defined(__cpp_exceptions)
        try {
            made.handled = detail::dispatch_work(all, *event, of, made.wanted);
            return made;
        } catch (const std::exception& thrown) {
            made.exception_text = thrown.what();
        } catch (...) {
            made.exception_text.clear();
        }
        made.handled = true;
        made.error = error{errc::handler_failed, "handler"};
        made.wanted = disposition::retry();
#else
        made.handled = detail::dispatch_work(all, *event, of, made.wanted);
#endif
        return made;
    }

    result<bool> claim_one() const {
        const auto claimed = inbox_.store().claim({.now = inbox_.clock().milliseconds(),
                                                   .lease = lease_length(),
                                                   .owner = options_.owner});
        if (!claimed) return unexpected(claimed.error());
        if (!*claimed) return false;
        const entry& taken = **claimed;
        const detail::running_attempts::attempt mine(*running_, {taken.number, taken.fence});
        const verified_message message = restored(taken);
        work_type of(inbox_.store(), taken, message, mine.lost());
        return end(of, taken, make_attempt(of, taken));
    }

    verdict make_attempt(work_type& of, const entry& taken) const {
        verdict made;
        // Those before have crashed, or the lease ran out: so this one would.
        if (taken.attempts > options_.retries.attempts) {
            made.error = error{errc::handler_failed, "no attempt came to an end"};
            made.wanted = disposition::dead({});
            return made;
        }
        if (!taken.body) {
            made.error = error{errc::invalid_payload, "the body is gone"};
            made.wanted = disposition::dead({});
            return made;
        }
        const auto found = routes_.find(taken.endpoint);
        if (found == routes_.end()) {
            made.error = error{errc::handler_failed, "no handlers for this endpoint"};
            made.wanted = disposition::retry();
            return made;
        }
        return found->second(of);
    }

    result<bool> end(work_type& of, const entry& taken, const verdict& made) const {
        const std::int64_t now = inbox_.clock().milliseconds();
        const std::string why = reason(made);
        ending how{.error = why};
        switch (made.wanted.which()) {
            case disposition::kind::done: how.state = entry_state::done; break;
            case disposition::kind::dead: how.state = entry_state::dead; break;
            case disposition::kind::retry:
                how.state = taken.attempts < options_.retries.attempts ? entry_state::ready
                                                                       : entry_state::dead;
                break;
        }
        if (how.state == entry_state::ready) how.ready_at = now + delay(taken, made.wanted);
        if (how.state == entry_state::dead) {
            how.keep_until = detail::later(now, options_.keep_dead);
        }
        const lease mine{taken.number, taken.fence};
        const auto settled = settle(of, mine, how, now);
        // Whatever became of it, nobody has to wait for it any more.
        of.opened().reset();
        report({.entry = taken,
                .state = how.state,
                .error = failure(made, how.state, settled),
                .exception_text = made.exception_text,
                .ready_at = how.ready_at,
                .handled = made.handled,
                .lost = !settled || !*settled});
        if (!settled) return unexpected(settled.error());
        return true;
    }

    static std::optional<error> failure(const verdict& made, entry_state state,
                                        const result<bool>& settled) noexcept {
        if (!settled) return settled.error();
        if (!*settled) return error{errc::in_progress, "the lease was over"};
        if (made.error || state == entry_state::done) return made.error;
        return error{errc::handler_failed, made.wanted.why()};
    }

    result<bool> settle(work_type& of, const lease& mine, const ending& how,
                        std::int64_t now) const {
        if (!of.opened()) return inbox_.store().settle(mine, how, now);
        if (how.state == entry_state::done) {
            return inbox_.store().settle(*of.opened(), mine, how, now);
        }
        of.opened().reset();
        return inbox_.store().settle(mine, how, now);
    }

    [[nodiscard]] std::int64_t delay(const entry& taken, const disposition& wanted) const {
        if (!wanted.delay()) return options_.retries.delay(taken.attempts);
        return 1000 * std::clamp<std::int64_t>(wanted.delay()->count(), 0, 365 * detail::one_day);
    }

    static std::string reason(const verdict& made) {
        std::string text;
        if (made.error) {
            text = name(made.error->code);
            if (!made.error->where.empty()) text.append(": ").append(made.error->where.view());
        }
        for (const std::string_view more :
             {made.wanted.why(), std::string_view(made.exception_text)}) {
            if (more.empty()) continue;
            if (!text.empty()) text += ": ";
            text += more;
        }
        return detail::plain_text(detail::cut_text(text, ending::max_error));
    }

    // What the inbox accepted had been verified, and the row says what that proved. The database is
    // trusted: whoever can write to it can make events.
    static verified_message restored(const entry& taken) {
        const message_proof& proof = taken.proof;
        return detail::message_factory::make(
            taken.body ? std::string_view(*taken.body) : std::string_view(),
            {.id = taken.message_id,
             .event_type = taken.event_type,
             .timestamp = proof.timestamp,
             .key_index = proof.key_index,
             .body_is_signed = proof.body_is_signed,
             .id_is_signed = proof.id_is_signed,
             .replay_possible = proof.replay_possible,
             .assumed_because =
                 proof.assumed ? "assumed before it was stored" : std::string_view()});
    }

    void report(const attempt_outcome& what) const noexcept {
        if (!options_.log) return;
#if defined(__cpp_exceptions)
        try {
            options_.log(what);
        } catch (...) {
            // The attempt has ended; a log that fails changes nothing about that.
            return;
        }
#else
        options_.log(what);
#endif
    }

    [[nodiscard]] std::int64_t lease_length() const noexcept {
        return options_.lease.count() * 1000;
    }

    Inbox inbox_;
    worker_options options_;
    std::map<std::string, route, std::less<>> routes_;
    std::unique_ptr<detail::running_attempts> running_;
};

}  // namespace webhookpp

#endif

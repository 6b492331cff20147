// Works an inbox off: claims entries one at a time, calls their handlers, ends the attempts.
#ifndef WEBHOOKPP_WORKER_HPP
#define WEBHOOKPP_WORKER_HPP

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/detail/option_check.hpp>
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

    /// Why it is not done, or, with `lost`, why nobody knows.
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

    retry_schedule retries = {};

    /// How long dead entries are kept, with their bodies. 1 second to 10 years.
    seconds keep_dead{90 * 86'400};

    /// Who claims, for people who look at the table: host and process. At most 128 bytes are kept.
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
    using store_type = typename Inbox::store_type;
    using work_type = work<store_type>;

    /// Throws `exception` with `invalid_option` for options beyond their bounds.
    explicit worker(Inbox inbox, worker_options options = {})
        : inbox_(std::move(inbox)),
          options_(std::move(options)),
          running_(std::make_unique<attempts>()) {
        detail::check_lease(options_.lease).value();
        const retry_schedule& retries = options_.retries;
        if (retries.first.count() < 1 || retries.longest.count() < retries.first.count() ||
            retries.longest.count() > detail::one_day || retries.attempts < 1 ||
            retries.attempts > 1000) {
            detail::raise({errc::invalid_option,
                           "retries begin after 1 second to 1 day, and end after 1 to 1,000"});
        }
        if (options_.keep_dead.count() < 1 || options_.keep_dead.count() > 3650 * detail::one_day) {
            detail::raise({errc::invalid_option, "dead entries are kept 1 second to 10 years"});
        }
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
        const std::lock_guard lock(running_->mutex);
        for (running_attempt* each = running_->first; each != nullptr; each = each->next) {
            const auto renewed =
                inbox_.store().renew(each->mine, inbox_.clock().milliseconds(), lease_length());
            // If the store cannot tell, the next call may: nothing is lost until somebody claims.
            if (renewed && !*renewed) each->lost.store(true, std::memory_order_relaxed);
        }
    }

    /// Gives all entries back whose attempts are being made, as if these had never begun. What
    /// their handlers still do does not count any more.
    void hand_back() const noexcept {
        const std::lock_guard lock(running_->mutex);
        const std::int64_t now = inbox_.clock().milliseconds();
        for (running_attempt* each = running_->first; each != nullptr; each = each->next) {
            each->lost.store(true, std::memory_order_relaxed);
            static_cast<void>(inbox_.store().settle(
                each->mine, {.state = entry_state::ready, .ready_at = now, .counts = false}, now));
        }
    }

    /// How many attempts are being made.
    [[nodiscard]] std::size_t running() const noexcept {
        const std::lock_guard lock(running_->mutex);
        std::size_t count = 0;
        for (const running_attempt* each = running_->first; each; each = each->next) ++count;
        return count;
    }

    [[nodiscard]] const Inbox& inbox() const noexcept {
        return inbox_;
    }
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

    struct running_attempt {
        lease mine;
        std::atomic<bool> lost = false;
        running_attempt* previous = nullptr;
        running_attempt* next = nullptr;
    };

    // A list through the stacks of those who make attempts.
    struct attempts {
        std::mutex mutex;
        running_attempt* first = nullptr;
    };

    class listed {
    public:
        listed(attempts& all, running_attempt& mine) : all_(all), mine_(mine) {
            const std::lock_guard lock(all_.mutex);
            mine_.next = all_.first;
            if (all_.first) all_.first->previous = &mine_;
            all_.first = &mine_;
        }
        listed(const listed&) = delete;
        listed& operator=(const listed&) = delete;
        ~listed() {
            const std::lock_guard lock(all_.mutex);
            (mine_.previous ? mine_.previous->next : all_.first) = mine_.next;
            if (mine_.next) mine_.next->previous = mine_.previous;
        }

    private:
        attempts& all_;
        running_attempt& mine_;
    };

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
        running_attempt mine{.mine = {taken.number, taken.fence}};
        const listed in_list(*running_, mine);
        const verified_message message = restored(taken);
        work_type of(inbox_.store(), taken, message, mine.lost);
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
        const bool lost = !settled || !*settled;
        report({.entry = taken,
                .state = how.state,
                .error = !settled ? settled.error() : made.error,
                .exception_text = made.exception_text,
                .ready_at = how.ready_at,
                .handled = made.handled,
                .lost = lost});
        if (!settled) return unexpected(settled.error());
        // In its partition the next one may be ready now.
        if (!taken.partition.empty() && !lost) inbox_.wake();
        return true;
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
        if (text.size() > ending::max_error) text.resize(ending::max_error);
        return text;
    }

    // What the inbox accepted had been verified, and the row says what that proved. The database is
    // trusted: whoever can write to it can make events.
    static verified_message restored(const entry& taken) {
        const message_proof& proof = taken.proof;
        return detail::message_factory::make(
            *taken.body, {.id = taken.message_id,
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
    std::unique_ptr<attempts> running_;
};

}  // namespace webhookpp

#endif

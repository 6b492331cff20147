// SPDX-License-Identifier: MIT
// The code of docs/key-rotation.md: a change of keys while deliveries arrive, of which none is
// refused.

#include <atomic>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/verifier.hpp>

namespace wh = webhookpp;

namespace {

using verifier_type = wh::verifier<wh::schemes::standard_webhooks>;

// What signs in this program: the provider.
class provider {
public:
    explicit provider(const wh::key& key) : keys_{key} {}

    void sign_with(const std::vector<wh::key>& keys) {
        const std::lock_guard lock(mutex_);
        keys_ = keys;
    }

    [[nodiscard]] wh::testing::signed_delivery next() const {
        const std::lock_guard lock(mutex_);
        const std::string id = "msg_" + std::to_string(++number_);
        const std::string body = R"({"type":"ping"})";
        auto made = wh::sign(wh::schemes::standard_webhooks, keys_,
                             {.id = id, .timestamp = wh::system_clock().now(), .body = body});
        return {.headers = made.value().headers, .body = body};
    }

private:
    mutable std::mutex mutex_;
    mutable int number_ = 0;
    std::vector<wh::key> keys_;
};

// Threads that receive all the time, and count.
class receiving_threads {
public:
    receiving_threads(const provider& sender, const verifier_type& verifier) {
        for (auto& each : threads_) {
            each = std::thread([&] {
                while (!stop_) {
                    const auto sent = sender.next();
                    const auto message = verifier.verify(sent.view());
                    (message ? accepted_ : refused_)++;
                }
            });
        }
    }
    receiving_threads(const receiving_threads&) = delete;
    receiving_threads& operator=(const receiving_threads&) = delete;
    ~receiving_threads() { stop(); }

    // Returns when some more deliveries were received.
    void let_some_arrive() const {
        for (const int until = accepted_ + refused_ + 500; accepted_ + refused_ < until;) {
            std::this_thread::yield();
        }
    }
    void stop() {
        stop_ = true;
        for (auto& each : threads_) {
            if (each.joinable()) each.join();
        }
    }
    [[nodiscard]] int accepted() const { return accepted_; }
    [[nodiscard]] int refused() const { return refused_; }

private:
    std::atomic<bool> stop_{false};
    std::atomic<int> accepted_{0};
    std::atomic<int> refused_{0};
    std::thread threads_[2];
};

void change_keys() {
    const wh::key old_key = wh::key::from_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
    const wh::key new_key = wh::key::from_text("whsec_MTIzNDU2Nzg5MGFiY2RlZjAxMjM0NTY3");
    provider sender{old_key};
    const verifier_type verifier{old_key};
    receiving_threads receiver(sender, verifier);
    receiver.let_some_arrive();

    // [both]
    // 1. Before the provider changes anything: both keys, the new one first.
    if (const auto used = verifier.replace({new_key, old_key}); !used) {
        std::cerr << used.error().where.view() << '\n';  // the old keys stay
    }
    // [both]
    receiver.let_some_arrive();
    sender.sign_with({new_key, old_key});  // some sign with both for a day
    receiver.let_some_arrive();
    sender.sign_with({new_key});
    receiver.let_some_arrive();
    // [done]
    // 3. No delivery has key_index() 1 any more, for longer than the provider tries again.
    const auto used = verifier.replace({new_key});
    // [done]
    receiver.let_some_arrive();
    receiver.stop();
    std::cout << receiver.refused() << " refused, " << (used && receiver.accepted() > 2000) << '\n';
}

void watch(const wh::testing::signed_delivery& request, const verifier_type& verifier) {
    // [watch]
    const auto message = verifier.verify({request.headers, request.body});
    if (message && message->key_index() == 1) std::cout << "the old key still signs\n";
    // [watch]
    if (message && message->key_index() == 0) std::cout << "the new key signs\n";
}

void from_environment() {
    // [environment]
    std::vector<wh::key> keys{wh::key::from_environment("SECRET")};
    if (std::getenv("OLD_SECRET") != nullptr) {
        keys.push_back(wh::key::from_environment("OLD_SECRET"));
    }
    const wh::verifier<wh::schemes::standard_webhooks> verifier{keys};
    // [environment]
    for (const wh::key& each : {keys[1], keys[0]}) {
        watch(wh::testing::sign_delivery(wh::schemes::standard_webhooks, each, "{}",
                                         wh::system_clock().now()),
              verifier);
    }
}

// What happens without both: the provider changes first.
void change_too_early() {
    const wh::key old_key = wh::key::from_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
    const wh::key new_key = wh::key::from_text("whsec_MTIzNDU2Nzg5MGFiY2RlZjAxMjM0NTY3");
    provider sender{old_key};
    const verifier_type verifier{old_key};
    receiving_threads receiver(sender, verifier);
    sender.sign_with({new_key});
    receiver.let_some_arrive();
    receiver.stop();
    std::cout << "without both: " << (receiver.refused() > 0 ? "some refused" : "none refused")
              << '\n';
}

}  // namespace

int main() try {
    setenv("SECRET", "whsec_MTIzNDU2Nzg5MGFiY2RlZjAxMjM0NTY3", 1);
    setenv("OLD_SECRET", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", 1);
    change_keys();
    from_environment();
    change_too_early();
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}

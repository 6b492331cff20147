// SPDX-License-Identifier: MIT
// timing [MEASUREMENTS]: whether the time of comparisons tells at which byte they fail. Measures
// two classes of input in random order, those that are wrong in the first byte and those that are
// wrong in the last, and compares the classes by Welch's t-test, as dudect does (Reparaz, Balasch,
// Verbauwhede: Dude, is my code constant time?, 2017). A comparison is called leaky when three
// measurements in a row say so, in the same direction. The controls, which leak, have to be found
// before the library is looked at.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#if defined(__x86_64__)
#include <x86intrin.h>
#else
#include <atomic>
#include <chrono>
#endif

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/testing/fixed_clock.hpp>

#include "../golden.hpp"

namespace wh = webhookpp;

namespace {

// Beyond this, two classes are hardly alike by chance: once in 150,000 measurements.
constexpr double limit = 4.5;

// Reads the clock when all that stands before has been done, also in memory, and before what comes.
std::uint64_t ticks() {
#if defined(__x86_64__)
    _mm_mfence();
    _mm_lfence();
    const std::uint64_t now = __rdtsc();
    _mm_lfence();
    return now;
#else
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

/// Mean and variance of what is added: Welford's method.
class statistics {
public:
    void add(double value) {
        count_ += 1;
        const double from_mean = value - mean_;
        mean_ += from_mean / count_;
        squares_ += from_mean * (value - mean_);
    }
    [[nodiscard]] double mean() const { return mean_; }
    [[nodiscard]] double variance_of_mean() const { return squares_ / (count_ - 1) / count_; }

private:
    double count_ = 0;
    double mean_ = 0;
    double squares_ = 0;
};

/// What is measured: gets a text that is wrong, and says so.
class target {
public:
    explicit target(std::string right) : right_(std::move(right)) {}
    target(const target&) = delete;
    target& operator=(const target&) = delete;
    virtual ~target() = default;
    virtual bool refuses(const std::string& text) = 0;
    [[nodiscard]] const std::string& right() const { return right_; }

private:
    std::string right_;
};

// A wrong character in place of `c`, of the same kind, since decoders may take another way for
// another kind: what is received is public.
char wrong_for(char c) {
    const char one = c <= '9' ? '1' : 'a';
    return c == one ? static_cast<char>(one + 1) : one;
}

// In base64 with padding, the last character is not free.
std::size_t last_free_character(std::string_view text) {
    return text.find_last_not_of('=') - (text.ends_with('=') ? 1 : 0);
}

// Welch's t of both classes. Positive if to be wrong in the last byte takes longer.
double measured_t(target& measured, int measurements, std::mt19937_64& random) {
    // Called through a pointer that the compiler does not see through, and whose result counts:
    // otherwise it deletes the call, or looks into it.
    bool (*volatile const call)(target&, const std::string&) =
        [](target& with, const std::string& text) { return with.refuses(text); };
    std::string text = measured.right();
    const std::size_t last = last_free_character(text);
    const std::array<char, 2> first_characters = {wrong_for(text[0]), text[0]};
    const std::array<char, 2> last_characters = {text[last], wrong_for(text[last])};
    std::vector<float> times(static_cast<std::size_t>(measurements));
    // Chosen before, and not by branches: these would leave traces in the branch predictor.
    std::vector<unsigned char> classes(times.size());
    for (unsigned char& each : classes) each = static_cast<unsigned char>(random() & 1U);
    bool refused = true;
    for (std::size_t i = 0; i < times.size(); ++i) {
        // Both places are written for both classes, so that the processor has the same to do.
        text[0] = first_characters[classes[i]];
        text[last] = last_characters[classes[i]];
        const std::uint64_t begin = ticks();
        const bool result = call(measured, text);
        times[i] = static_cast<float>(ticks() - begin);
        refused = refused && result;
    }
    if (!refused) {
        std::puts("not ok - a wrong text was accepted");
        std::exit(1);
    }
    // The slowest tenth, with what interrupted them, tell about the machine.
    std::vector<float> sorted = times;
    const std::size_t tenth = sorted.size() / 10;
    std::nth_element(sorted.begin(), sorted.end() - static_cast<std::ptrdiff_t>(tenth),
                     sorted.end());
    const float slowest = sorted[sorted.size() - tenth];
    std::array<statistics, 2> of_class;
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (times[i] < slowest) of_class[classes[i]].add(static_cast<double>(times[i]));
    }
    return (of_class[1].mean() - of_class[0].mean()) /
           std::sqrt(of_class[0].variance_of_mean() + of_class[1].variance_of_mean());
}

int failures = 0;

void check(const char* what, target& measured, bool leaks, int measurements,
           std::mt19937_64& random) {
    // The first measurements pay for what is not in the caches.
    static_cast<void>(measured_t(measured, measurements / 10 + 100, random));
    std::string seen;
    int over = 0;
    for (int round = 0; round < 3; ++round) {
        const double t = measured_t(measured, measurements, random);
        char number[32];
        std::snprintf(number, sizeof number, " %+.1f", t);
        seen += number;
        over += t > limit ? 1 : (t < -limit ? -1 : 0);
        if (std::abs(over) != round + 1) break;
    }
    const bool found = std::abs(over) == 3;
    failures += found == leaks ? 0 : 1;
    std::printf("%s - %s: t =%s\n", found == leaks ? "ok" : "not ok", what, seen.c_str());
    std::fflush(stdout);
}

const std::string secret(512, 'x');

struct naive_comparison : target {
    naive_comparison() : target(secret) {}
    bool refuses(const std::string& text) override {
        for (std::size_t i = 0; i < secret.size(); ++i) {
            if (text[i] != secret[i]) return true;
        }
        return false;
    }
};
struct memcmp_comparison : target {
    memcmp_comparison() : target(secret) {}
    bool refuses(const std::string& text) override {
        int (*volatile const compare)(const void*, const void*, std::size_t) = std::memcmp;
        return compare(text.data(), secret.data(), secret.size()) != 0;
    }
};
struct own_comparison : target {
    own_comparison() : target(secret) {}
    bool refuses(const std::string& text) override {
        return !wh::crypto::equal(wh::crypto::as_bytes(text), wh::crypto::as_bytes(secret));
    }
};

// A whole verification: the text is what follows `prefix` in the header.
class verification : public target {
public:
    verification(const wh::scheme& scheme, const char* key, const char* header,
                 const std::string& prefix, bool also_naive = false)
        : target(signed_with(scheme, key, header).substr(prefix.size())),
          verifier_(scheme, wh::key::from_text(key), {}, {golden::now}),
          headers_{{header, {}}},
          prefix_(prefix),
          also_naive_(also_naive) {}

    bool refuses(const std::string& text) override {
        headers_[0].second.assign(prefix_).append(text);
        const auto verified = verifier_.verify({headers_, body});
        bool refused = !verified && verified.error().code == wh::errc::signature_mismatch;
        for (std::size_t i = 0; also_naive_ && refused && i < text.size(); ++i) {
            if (text[i] != right()[i]) break;
            refused = i + 1 < text.size();
        }
        return refused;
    }

private:
    static constexpr std::string_view body = R"({"test":1})";

    static std::string signed_with(const wh::scheme& scheme, const char* key, const char* header) {
        const auto request =
            wh::sign(scheme, wh::key::from_text(key), {.timestamp = golden::now, .body = body})
                .value();
        for (const auto& [name, value] : request.headers) {
            if (name == header) return value;
        }
        return {};
    }

    wh::any_verifier<wh::testing::fixed_clock> verifier_;
    golden::header_list headers_;
    std::string prefix_;
    bool also_naive_;
};

}  // namespace

int main(int argc, char** argv) {
    const int measurements = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
    if (measurements < 1000) {
        std::puts("usage: timing [MEASUREMENTS], 1,000 at least");
        return 2;
    }
    std::mt19937_64 random(std::random_device{}());

    naive_comparison naive;
    memcmp_comparison by_memcmp;
    verification in_hex(wh::schemes::github, "k9Zq-Wv3xJ", "X-Hub-Signature-256", "sha256=");
    verification leaky(wh::schemes::github, "k9Zq-Wv3xJ", "X-Hub-Signature-256", "sha256=", true);
    check("a comparison that ends early leaks", naive, true, measurements, random);
    check("memcmp leaks", by_memcmp, true, measurements, random);
    check("a verification with a comparison that ends early leaks", leaky, true, measurements,
          random);
    if (failures > 0) {
        std::puts("not ok - this machine is too noisy, or there are too few measurements");
        return 1;
    }

    own_comparison own;
    verification in_base64(wh::schemes::shopify, "k9Zq-Wv3xJ", "X-Shopify-Hmac-Sha256", "");
    verification token(wh::schemes::shared_token,
                       "k9Zq-Wv3xJ_7Lr2Qp8Tn5Bdk9Zq-Wv3xJ_7Lr2Qp8Tn5Bdk9Zq-Wv3xJ_7Lr2Qp8",
                       "X-Webhook-Token", "");
    check("crypto::equal", own, false, measurements, random);
    check("verification of an HMAC in hex", in_hex, false, measurements, random);
    check("verification of an HMAC in base64", in_base64, false, measurements, random);
    check("verification of a token", token, false, measurements, random);
    return failures == 0 ? 0 : 1;
}

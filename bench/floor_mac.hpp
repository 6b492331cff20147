// SPDX-License-Identifier: MIT
// The MAC alone: what verification is compared with.
#ifndef WEBHOOKPP_BENCH_FLOOR_MAC_HPP
#define WEBHOOKPP_BENCH_FLOOR_MAC_HPP

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

/// The least that OpenSSL 3.0 needs for an HMAC without deprecated calls: two prepared states, one
/// context.
class floor_mac {
public:
    /// Prepares a secret that is no longer than a block of the hash function.
    floor_mac(const EVP_MD* hash, std::string_view secret)
        : inner_(started_with(hash, secret, 0x36)), outer_(started_with(hash, secret, 0x5c)) {}

    /// The MAC of `text`, valid until the next call.
    std::span<const unsigned char> operator()(std::string_view text) {
        unsigned int size = 0;
        EVP_MD_CTX_copy_ex(work_.get(), inner_.get());
        EVP_DigestUpdate(work_.get(), text.data(), text.size());
        EVP_DigestFinal_ex(work_.get(), mac_.data(), &size);
        EVP_MD_CTX_copy_ex(work_.get(), outer_.get());
        EVP_DigestUpdate(work_.get(), mac_.data(), size);
        EVP_DigestFinal_ex(work_.get(), mac_.data(), nullptr);
        return std::span(mac_).first(size);
    }

private:
    using context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

    static context started_with(const EVP_MD* hash, std::string_view secret, unsigned char mask) {
        std::array<unsigned char, 128> bytes{};
        const auto block =
            std::span(bytes).first(static_cast<std::size_t>(EVP_MD_get_block_size(hash)));
        secret.copy(reinterpret_cast<char*>(block.data()), block.size());
        for (unsigned char& byte : block) byte = static_cast<unsigned char>(byte ^ mask);
        context made(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
        EVP_DigestInit_ex(made.get(), hash, nullptr);
        EVP_DigestUpdate(made.get(), block.data(), block.size());
        return made;
    }

    context inner_;
    context outer_;
    context work_{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac_{};
};

#endif

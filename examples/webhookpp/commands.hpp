// SPDX-License-Identifier: MIT
// The commands of the tool, each a function from its options to an exit status.
#ifndef WEBHOOKPP_EXAMPLES_COMMANDS_HPP
#define WEBHOOKPP_EXAMPLES_COMMANDS_HPP

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/crypto/key.hpp>
#include <webhookpp/scheme.hpp>

namespace tool {

/// What the shell gets to see.
enum exit_status { success = 0, refused = 1, misuse = 2 };

/// The command was called wrongly; `what()` says how.
struct misuse_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Where the keys come from; all of them are used.
struct key_options {
    std::vector<std::string> environment;
    std::vector<std::string> files;
    std::vector<std::string> texts;
};

/// What `sign`, `verify` and `explain` have in common.
struct request_options {
    std::string scheme;
    key_options keys;
    std::vector<std::string> headers;  ///< "Name: value"
    std::string url;
    std::string method = "POST";
    std::string body = "-";
};

struct sign_options {
    request_options request;
    std::optional<std::string> id;
    std::optional<std::int64_t> timestamp;
};

/// Those of `verify` and of `explain`.
struct verify_options {
    request_options request;
    std::optional<std::int64_t> now;
    std::optional<std::int64_t> tolerance;
    std::string vectors;
    bool check = false;
};

struct decode_options {
    std::string provider;
    std::string engine = "nlohmann";
    std::string body = "-";
    std::string vectors;
    bool check = false;
};

/// Those of all commands of `inbox`.
struct inbox_options {
    std::string command;  ///< stats, list, show, redrive, purge
    std::string store;    ///< a file of SQLite, or postgres://...
    std::string state;    ///< all if empty
    std::string endpoint;
    std::int64_t after = 0;
    std::size_t most = 100;
    std::vector<std::int64_t> numbers;
    bool all = false;
    bool body = false;
    std::int64_t keep_bodies = 86'400;  ///< seconds
};

int sign(const sign_options& options);
int verify(const verify_options& options);
int explain(const verify_options& options);
int decode(const decode_options& options);
int list();
int inbox(const inbox_options& options);

// What the commands share.

using header_list = std::vector<std::pair<std::string, std::string>>;

/// The names of all schemes, with commas between them.
std::string scheme_names();

/// The scheme of that name. Throws `misuse_error` when there is none.
const webhookpp::scheme& known_scheme(const std::string& name);

/// All keys of `options`. Throws `misuse_error` when there is none, `webhookpp::exception` for a
/// bad one.
std::vector<webhookpp::key> load_keys(const key_options& options);

/// The texts of all keys of `options`, which may be unusable. Throws as `load_keys` where there is
/// no text.
std::vector<std::string> load_key_texts(const key_options& options);

/// Splits "Name: value" texts; white space around the value is left out.
header_list split_headers(const std::vector<std::string>& texts);

/// The bytes of a file; "-" is the standard input.
std::string read_file(const std::string& name);

/// The bytes that base64 text stands for. Throws `misuse_error` when it is not canonical.
std::string decode_base64(std::string_view text);

}  // namespace tool

#endif

// SPDX-License-Identifier: MIT
// What the example programs share that is not about webhooks: command line, output, signals.
#ifndef WEBHOOKPP_EXAMPLES_PROGRAM_HPP
#define WEBHOOKPP_EXAMPLES_PROGRAM_HPP

#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>
#include <iostream>
#include <string>

namespace example {

/// Prints one line: one output, so that lines of several threads do not mix. An event may hold any
/// text: no part of it may look like a line of its own, or speak to the terminal.
inline void print(std::string line) {
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    std::cout << line + '\n' << std::flush;
}

/// Where to listen.
struct address {
    std::string host = "127.0.0.1";
    int port = 8080;

    [[nodiscard]] std::string text() const { return host + ":" + std::to_string(port); }
};

/// SIGINT and SIGTERM, held back in this thread and in all that it starts, until they are waited
/// for.
class stop_signals {
public:
    stop_signals() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    }

    /// Returns when one of them has come.
    void wait() const {
        int received = 0;
        sigwait(&signals_, &received);
    }

private:
    sigset_t signals_ = {};
};

/// Reads the command line, with the options that `add_options(app)` adds, and runs
/// `serve(address)`, which returns when the program is to end. Returns its exit status.
template <class Options, class Serve>
int run(const char* description, int argc, char** argv, Options add_options, Serve serve) try {
    CLI::App app(description);
    add_options(app);
    address where;
    app.add_option("--bind", where.host, "Address to listen on")->capture_default_str();
    app.add_option("--port", where.port, "Port to listen on; 0 takes a free one")
        ->envname("PORT")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    serve(where);
    print("stopped");
    return 0;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}

}  // namespace example

#endif

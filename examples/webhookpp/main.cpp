// SPDX-License-Identifier: MIT
// The tool webhookpp: signs, verifies, explains and decodes webhooks on the command line, and looks
// into inboxes.

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>

#include <webhookpp/result.hpp>
#include <webhookpp/version.hpp>

#include "commands.hpp"
#include "providers.hpp"

namespace {

constexpr const char* sign_example =
    "  echo -n '{\"type\":\"ping\"}' | \\\n"
    "    webhookpp sign --scheme standard_webhooks --key-env SECRET\n";

constexpr const char* verify_examples =
    "  webhookpp verify --scheme standard_webhooks --key-env SECRET --body body.json \\\n"
    "    --header 'webhook-id: msg_1' --header 'webhook-timestamp: 1700000000' \\\n"
    "    --header 'webhook-signature: v1,...'\n"
    "  webhookpp verify --scheme waitwhile --key-env SECRET --body body.json \\\n"
    "    --url https://hooks.example.com/waitwhile --header 'X-Waitwhile-Signature: ...'\n"
    "  webhookpp verify --vectors standard_webhooks.jsonl --check\n";

constexpr const char* explain_example =
    "  webhookpp explain --scheme github --key-env SECRET --body body.json \\\n"
    "    --header 'X-Hub-Signature-256: sha256=...' --header 'Content-Length: 160'\n";

constexpr const char* decode_example = "  webhookpp decode --provider seatsio --body body.json\n";

constexpr const char* inbox_examples =
    "  webhookpp inbox --store inbox.db list --state dead\n"
    "  webhookpp inbox --store inbox.db redrive 17\n";

void add_key_options(CLI::App& command, tool::key_options& keys) {
    command.add_option("--key-env", keys.environment, "Environment variable that holds a key")
        ->type_name("NAME");
    command.add_option("--key-file", keys.files, "File that holds a key")->type_name("FILE");
    command
        .add_option("--key", keys.texts,
                    "A key itself; for tests, because others on this machine can see it")
        ->type_name("KEY");
}

void add_request_options(CLI::App& command, tool::request_options& request) {
    command
        .add_option("--scheme", request.scheme,
                    "How the sender proves itself: " + tool::scheme_names())
        ->type_name("SCHEME");
    add_key_options(command, request.keys);
    command.add_option("--header", request.headers, "A header of the delivery; may be repeated")
        ->type_name("NAME:VALUE");
    command.add_option("--url", request.url,
                       "URL of the endpoint, where the scheme signs it or has a token in it");
    command.add_option("--method", request.method, "HTTP method")->capture_default_str();
    command.add_option("--body", request.body, "File that holds the body; - is the standard input")
        ->type_name("FILE")
        ->capture_default_str();
}

void add_vector_options(CLI::App& command, std::string& vectors, bool& check) {
    auto* const file = command
                           .add_option("--vectors", vectors,
                                       "File of test vectors, one JSON object a line; prints one "
                                       "JSON object for each")
                           ->type_name("FILE");
    command
        .add_flag("--check", check, "Compare with what the vectors expect, print the differences")
        ->needs(file);
}

void add_inbox_options(CLI::App& command, tool::inbox_options& inbox) {
    command
        .add_option("--store", inbox.store, "A file of SQLite, or postgres://user@host/database")
        ->envname("WEBHOOKPP_STORE")
        ->required();
    command.require_subcommand(1);
    const auto add = [&](const char* name, const char* description) {
        return command.add_subcommand(name, description)->fallthrough()->callback([&inbox, name] {
            inbox.command = name;
        });
    };
    add("stats", "Count the entries in each state");

    auto* const list = add("list", "List entries in the order of their numbers");
    list->add_option("--state", inbox.state, "Only those in this state")
        ->check(CLI::IsMember({"ready", "leased", "done", "dead"}));
    list->add_option("--after", inbox.after, "Only higher numbers than this")
        ->capture_default_str();
    list->add_option("--most", inbox.most, "How many")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();

    auto* const show = add("show", "Show all that is known of entries, as JSON");
    show->add_flag("--body", inbox.body, "Print the body instead, byte for byte");

    auto* const redrive = add("redrive", "Have dead entries handled again");
    redrive->add_flag("--all", inbox.all, "All dead ones");
    for (auto* const each : {show, redrive}) {
        each->add_option("numbers", inbox.numbers, "Their numbers")->type_name("NUMBER");
    }
    for (auto* const each : {list, redrive}) {
        each->add_option("--endpoint", inbox.endpoint, "Only those of this endpoint");
    }

    auto* const purge = add("purge", "Remove what need not be kept any more");
    purge
        ->add_option("--keep-bodies", inbox.keep_bodies,
                     "Seconds for which bodies of handled messages are kept")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
}

void add_verify_options(CLI::App& command, tool::verify_options& verify) {
    add_request_options(command, verify.request);
    command.add_option("--now", verify.now,
                       "The receiver's clock in Unix seconds; the real one if not given");
    command
        .add_option("--tolerance", verify.tolerance,
                    "Seconds that the timestamp may be off, either way; the scheme's if not given")
        ->check(CLI::NonNegativeNumber);
    add_vector_options(command, verify.vectors, verify.check);
}

void check_verify_options(const tool::verify_options& verify) {
    if (verify.vectors.empty() && verify.request.scheme.empty()) {
        throw tool::misuse_error("either --scheme or --vectors is needed");
    }
}

int run(int argc, char** argv) {
    CLI::App app("Signs, verifies, explains and decodes webhooks.", "webhookpp");
    app.set_version_flag("--version", "webhookpp " WEBHOOKPP_VERSION_STRING);
    app.require_subcommand(1);
    app.footer(std::string("Examples:\n") + sign_example + verify_examples + explain_example +
               decode_example + inbox_examples +
               "webhookpp COMMAND --help explains the options of a command.");

    tool::sign_options sign;
    auto* const sign_command = app.add_subcommand("sign", "Print the headers to send with a body");
    add_request_options(*sign_command, sign.request);
    sign_command->add_option("--id", sign.id, "Message id; a random one if not given");
    sign_command->add_option("--timestamp", sign.timestamp, "Unix seconds; now if not given");
    sign_command->get_option("--scheme")->required();
    sign_command->footer(std::string("Example:\n") + sign_example);

    tool::verify_options verify;
    auto* const verify_command = app.add_subcommand(
        "verify", "Verify a delivery: exit status 0 verified, 1 refused, 2 misuse or a bad key");
    add_verify_options(*verify_command, verify);
    verify_command->footer(std::string("Examples:\n") + verify_examples);

    tool::verify_options explain;
    auto* const explain_command = app.add_subcommand(
        "explain",
        "Say why a delivery or a key is refused: exit status 0 accepted, 1 refused, 2 misuse");
    add_verify_options(*explain_command, explain);
    explain_command->footer(std::string("Example:\n") + explain_example);

    tool::decode_options decode;
    auto* const decode_command = app.add_subcommand(
        "decode",
        "Show a body as a typed event: exit status 0 event or unknown type, 1 error, "
        "2 misuse");
    decode_command->add_option("--provider", decode.provider,
                               "Who sent the body: " + tool::provider_names());
    decode_command->add_option("--engine", decode.engine, "The JSON library to decode with")
        ->check(CLI::IsMember({"nlohmann", "simdjson"}))
        ->capture_default_str();
    decode_command
        ->add_option("--body", decode.body, "File that holds the body; - is the standard input")
        ->type_name("FILE")
        ->capture_default_str();
    add_vector_options(*decode_command, decode.vectors, decode.check);
    decode_command->footer(std::string("Example:\n") + decode_example);

    auto* const list_command =
        app.add_subcommand("list", "Show the providers, their event types and the schemes");

    tool::inbox_options inbox;
    auto* const inbox_command = app.add_subcommand(
        "inbox",
        "Look into an inbox: exit status 0 done, 1 not all of it, 2 misuse or a store "
        "that fails");
    add_inbox_options(*inbox_command, inbox);
    inbox_command->footer(std::string("Examples:\n") + inbox_examples);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? tool::success : tool::misuse;
    }
    if (list_command->parsed()) return tool::list();
    if (inbox_command->parsed()) return tool::inbox(inbox);
    if (sign_command->parsed()) return tool::sign(sign);
    if (verify_command->parsed()) {
        check_verify_options(verify);
        return tool::verify(verify);
    }
    if (explain_command->parsed()) {
        check_verify_options(explain);
        return tool::explain(explain);
    }
    if (decode.vectors.empty() && decode.provider.empty()) {
        throw tool::misuse_error("either --provider or --vectors is needed");
    }
    return tool::decode(decode);
}

}  // namespace

int main(int argc, char** argv) try {
    const int status = run(argc, argv);
    // Whoever reads the answer must not take a part of it for the whole.
    if (!std::cout.flush()) throw tool::misuse_error("cannot write the output");
    return status;
} catch (const std::exception& e) {
    // A bad key is misuse too: nothing was decided about a delivery.
    std::cerr << e.what() << '\n';
    return tool::misuse;
}

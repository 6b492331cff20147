// A verified message cannot be made by hand.
#include <webhookpp/verified_message.hpp>

bool make(const std::string_view body) {
#ifdef MUST_NOT_COMPILE
    webhookpp::verified_message message;
#else
    const auto message = webhookpp::assume_verified(body, "a channel that is authenticated");
#endif
    return message.body() == body;
}

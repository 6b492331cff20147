# Which header belongs to which target.

set(webhookpp_core_headers
  any_verifier.hpp
  bearer.hpp
  check_age.hpp
  clock.hpp
  collected_headers.hpp
  crypto/base64.hpp
  crypto/base64url.hpp
  crypto/ecdsa.hpp
  crypto/ed25519.hpp
  crypto/hex.hpp
  crypto/hmac.hpp
  crypto/key.hpp
  crypto/memory.hpp
  crypto/openssl_errors.hpp
  detail/byte_buffer.hpp
  detail/characters.hpp
  detail/date_time.hpp
  detail/endpoint_url.hpp
  detail/form_fields.hpp
  detail/owner.hpp
  detail/scheme_check.hpp
  detail/scheme_headers.hpp
  detail/sent_time.hpp
  detail/sent_token.hpp
  detail/signature_tokens.hpp
  detail/signed_message.hpp
  detail/signed_url.hpp
  detail/verification.hpp
  error.hpp
  fixed_text.hpp
  fwd.hpp
  header_source.hpp
  key_ring.hpp
  reply.hpp
  request.hpp
  result.hpp
  scheme.hpp
  schemes/adyen_body.hpp
  schemes/airtable.hpp
  schemes/aliases.hpp
  schemes/all.hpp
  schemes/asana.hpp
  schemes/basic_auth.hpp
  schemes/bearer_token.hpp
  schemes/bitbucket.hpp
  schemes/box.hpp
  schemes/calendly.hpp
  schemes/circleci.hpp
  schemes/coinbase_commerce.hpp
  schemes/discord.hpp
  schemes/dropbox.hpp
  schemes/elevenlabs.hpp
  schemes/gitea.hpp
  schemes/github.hpp
  schemes/gitlab_token.hpp
  schemes/hubspot_v3.hpp
  schemes/intercom.hpp
  schemes/jira.hpp
  schemes/line.hpp
  schemes/linear.hpp
  schemes/meta.hpp
  schemes/mux.hpp
  schemes/notion.hpp
  schemes/paddle.hpp
  schemes/pagerduty.hpp
  schemes/paystack.hpp
  schemes/razorpay.hpp
  schemes/samsara.hpp
  schemes/sanity.hpp
  schemes/sendgrid.hpp
  schemes/sentry.hpp
  schemes/shared_token.hpp
  schemes/shopify.hpp
  schemes/slack.hpp
  schemes/square.hpp
  schemes/standard_webhooks.hpp
  schemes/stripe.hpp
  schemes/telegram.hpp
  schemes/telnyx.hpp
  schemes/ticket_tailor.hpp
  schemes/tito.hpp
  schemes/trello.hpp
  schemes/twilio.hpp
  schemes/twitch.hpp
  schemes/typeform.hpp
  schemes/url_token.hpp
  schemes/vercel.hpp
  schemes/waitwhile.hpp
  schemes/woocommerce.hpp
  schemes/workos.hpp
  schemes/xero.hpp
  schemes/zendesk.hpp
  schemes/zoom.hpp
  scratch.hpp
  sign.hpp
  timestamp.hpp
  tolerance.hpp
  verified_message.hpp
  verifier.hpp
  verifier_options.hpp
  version.hpp)

set(webhookpp_webhookpp_headers
  catalog.hpp
  event.hpp
  handlers.hpp
  json/decode.hpp
  json/document.hpp
  json/encode.hpp
  json/nlohmann.hpp
  json/oversized_numbers.hpp
  json/source_text.hpp
  local_time.hpp
  open_enum.hpp
  parser.hpp
  providers/eventsair.hpp
  providers/gatsby.hpp
  providers/seably.hpp
  providers/seatsio.hpp
  providers/waitwhile.hpp
  raw_json.hpp
  receiver.hpp
  value_traits.hpp
  value_type.hpp
  webhookpp.hpp)

set(webhookpp_simdjson_headers
  json/simdjson.hpp)

set(webhookpp_testing_headers
  testing/fixed_clock.hpp
  testing/signed_delivery.hpp)

# Adds headers of include/webhookpp to an interface library: as a file set, and with the include
# directory of its own that consumers with CMake before 3.23 need.
function(webhookpp_add_headers target)
  list(TRANSFORM ARGN PREPEND ${PROJECT_SOURCE_DIR}/include/webhookpp/)
  target_sources(${target} INTERFACE
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${ARGN})
  target_include_directories(${target} INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:include>)
  target_compile_features(${target} INTERFACE cxx_std_20)
endfunction()

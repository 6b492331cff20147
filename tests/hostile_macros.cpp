// The headers do no harm, and come to none, after the macros of Windows, Qt and X11. What they
// include from elsewhere comes first: it is not ours to protect.
#include <hiredis/hiredis.h>
#include <libpq-fe.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <poll.h>
#include <pthread.h>
#include <simdjson.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <charconv>
#include <chrono>
#include <compare>
#include <concepts>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

// NOLINTBEGIN
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define emit
#define signals public
#define slots
#define foreach for
#define small char
#define near
#define far
#define interface struct
#define IN
#define OUT
#define OPTIONAL
#define ERROR 0
#define NO_ERROR 0
#define DELETE 1
#define TRUE 1
#define FALSE 0
#define CONST const
#define STRICT
#define Bool int
#define None 0L
#define Status int
#define Always 2
#define Success 0
#define unix 1
#define linux 1
#define major(x) (x)
#define minor(x) (x)
// NOLINTEND

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/bearer.hpp>
#include <webhookpp/inbox.hpp>
#include <webhookpp/json/encode.hpp>
#include <webhookpp/json/simdjson.hpp>
#include <webhookpp/providers/eventsair.hpp>
#include <webhookpp/providers/gatsby.hpp>
#include <webhookpp/providers/seably.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>
#include <webhookpp/retry_schedule.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/stores/memory.hpp>
#include <webhookpp/stores/postgres.hpp>
#include <webhookpp/stores/redis.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/manual_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/testing/store_conformance.hpp>
#include <webhookpp/webhookpp.hpp>

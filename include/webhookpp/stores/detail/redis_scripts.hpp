// SPDX-License-Identifier: MIT
// What Redis does for each operation on a key, as one step that nothing comes between.
#ifndef WEBHOOKPP_STORES_DETAIL_REDIS_SCRIPTS_HPP
#define WEBHOOKPP_STORES_DETAIL_REDIS_SCRIPTS_HPP

#include <array>
#include <cstddef>
#include <string_view>

namespace webhookpp::stores::redis_detail {

/// Each key is a hash of `until`, `fence` and `committed`. Fences are compared as text, since Lua's
/// numbers are not exact beyond 2^53; times are far below. Each script has one key, so all work on
/// any node of a cluster.
enum class script : unsigned char {
    reserve,  ///< now, until, too far ahead, fence, time to live
    commit,   ///< fence, until, time to live
    release,  ///< fence
    extend,   ///< fence, now, until, time to live
};

inline constexpr std::size_t script_count = 4;

/// Returns an empty list for a fresh reservation, else `committed` and `until`.
inline constexpr std::string_view reserve_script = R"(
local kept = redis.call('HMGET', KEYS[1], 'until', 'committed')
local ends = tonumber(kept[1] or '0')
if kept[1] and ends > tonumber(ARGV[1])
    and (kept[2] == '1' or ends <= tonumber(ARGV[3])) then
  return {kept[2], kept[1]}
end
redis.call('HSET', KEYS[1], 'until', ARGV[2], 'fence', ARGV[4], 'committed', '0')
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return {}
)";

inline constexpr std::string_view commit_script = R"(
local kept = redis.call('HMGET', KEYS[1], 'fence', 'committed')
if kept[1] ~= ARGV[1] or kept[2] ~= '0' then return 0 end
redis.call('HSET', KEYS[1], 'until', ARGV[2], 'committed', '1')
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
)";

inline constexpr std::string_view release_script = R"(
local kept = redis.call('HMGET', KEYS[1], 'fence', 'committed')
if kept[1] ~= ARGV[1] or kept[2] ~= '0' then return 0 end
return redis.call('DEL', KEYS[1])
)";

inline constexpr std::string_view extend_script = R"(
local kept = redis.call('HMGET', KEYS[1], 'fence', 'committed', 'until')
if kept[1] ~= ARGV[1] or kept[2] ~= '0' or tonumber(kept[3]) <= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'until', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
)";

inline constexpr std::array<std::string_view, script_count> scripts = {
    reserve_script, commit_script, release_script, extend_script};

}  // namespace webhookpp::stores::redis_detail

#endif

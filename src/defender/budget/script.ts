/** What a script call does. `commit` answers 0 where the budget has changed since `version`. */
export type Operation = 'read' | 'commit' | 'refund' | 'pause' | 'want' | 'teach' | 'tell';

/** By the part of a budget's key that follows its hash tag, in the order of KEYS. */
export const KEY_PARTS = ['minute', 'hour', 'minuteUse', 'hourUse', 'paid', 'state'] as const;

/**
 * Everything of a budget lies in one hash slot: per window a sorted set of its calls ("account call", by time) and one of
 * the accounts by how much they use, the times up to which accounts have paid, and the rest. The decision itself is made outside, by the
 * same code as in memory: `read` tells the version of what it tells, and `commit` takes both windows only if that version
 * still stands.
 *
 * ARGV: operation, time in milliseconds or "" for Redis's own, margin in milliseconds, then what the operation needs.
 */
export const SCRIPT = `
local operation, given, margin = ARGV[1], ARGV[2], tonumber(ARGV[3])
local paid, state = KEYS[5], KEYS[6]
local now = tonumber(given)
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local windows = {
  { name = 'minute', log = KEYS[1], use = KEYS[3], length = 60000 + margin },
  { name = 'hour', log = KEYS[2], use = KEYS[4], length = 3600000 + margin },
}

local function accountOf(call) return string.match(call, '^(%S+)') end

local function release(window, call)
  local account = accountOf(call)
  if tonumber(redis.call('ZINCRBY', window.use, -1, account)) <= 0 then
    redis.call('ZREM', window.use, account)
    redis.call('HDEL', paid, window.name .. account)
  end
end

local function add(window, at, call)
  if at > now - window.length and redis.call('ZADD', window.log, 'NX', at, call) == 1 then
    redis.call('ZINCRBY', window.use, 1, accountOf(call))
  end
end

local function changed()
  -- Where the state was deleted meanwhile, no version comes twice.
  redis.call('HSETNX', state, 'version', now)
  redis.call('HINCRBY', state, 'version', 1)
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, 3600000 + margin + 60000) end
  return 1
end

local function later(field, milliseconds)
  local before = tonumber(redis.call('HGET', state, field) or 0)
  redis.call('HSET', state, field, math.max(before, now + milliseconds))
end

for _, window in ipairs(windows) do
  local gone = redis.call('ZRANGEBYSCORE', window.log, '-inf', now - window.length)
  for _, call in ipairs(gone) do release(window, call) end
  if #gone > 0 then redis.call('ZREMRANGEBYSCORE', window.log, '-inf', now - window.length) end
end

local operations = {}

function operations.commit(version, call, minutePaid, hourPaid)
  if (redis.call('HGET', state, 'version') or '0') ~= version then return 0 end
  for _, window in ipairs(windows) do add(window, now, call) end
  local account = accountOf(call)
  redis.call('HSET', paid, 'minute' .. account, now + minutePaid, 'hour' .. account, now + hourPaid)
  return changed()
end

function operations.refund(call)
  for _, window in ipairs(windows) do
    if redis.call('ZREM', window.log, call) == 1 then release(window, call) end
  end
  local isUnspent = redis.call('ZCARD', windows[2].log) == 0
  if isUnspent and not redis.call('HGET', state, 'isKept') then return redis.call('DEL', state) end
  return changed()
end

function operations.pause(milliseconds)
  later('pausedUntil', milliseconds)
  redis.call('HSET', state, 'isKept', 1)
  return changed()
end

function operations.want(milliseconds)
  later('wantedUntil', milliseconds)
  return redis.call('PEXPIRE', state, 3600000 + margin + 60000)
end

function operations.teach(name, limit, milliseconds)
  redis.call('HSET', state, name .. 'Limit', limit, name .. 'LimitUntil', now + milliseconds, 'isKept', 1)
  return changed()
end

function operations.tell(...)
  local told = { ... }
  for index = 1, #told, 2 do
    for _, window in ipairs(windows) do add(window, now - told[index], told[index + 1]) end
  end
  return changed()
end

function operations.read(account, slices)
  local function remaining(field)
    return math.max(0, math.floor((redis.call('HGET', state, field) or 0) - now))
  end
  local answer = { redis.call('HGET', state, 'version') or '0', remaining('pausedUntil'), remaining('wantedUntil') }
  local function tell(value) answer[#answer + 1] = math.floor(value) end
  for _, window in ipairs(windows) do
    local isTaught = remaining(window.name .. 'LimitUntil') > 0
    tell(isTaught and redis.call('HGET', state, window.name .. 'Limit') or -1)
    tell(redis.call('ZCARD', window.log))
    tell(redis.call('ZSCORE', window.use, account) or 0)
    local most = redis.call('ZREVRANGE', window.use, 0, 1, 'WITHSCORES')
    tell((most[1] == 'bulk' and most[4] or most[1] ~= 'bulk' and most[2]) or 0)
    tell(redis.call('ZSCORE', window.use, 'bulk') or 0)
    tell((redis.call('HGET', paid, window.name .. account) or now - window.length) - now)
    for _, index in ipairs({ 0, -1 }) do
      local edge = redis.call('ZRANGE', window.log, index, index, 'WITHSCORES')
      tell(edge[2] and edge[2] + window.length - now or 0)
    end
    for slice = 1, slices do
      local back = now - window.length + math.floor(slice * window.length / slices)
      tell(redis.call('ZCOUNT', window.log, '-inf', back))
    end
  end
  return answer
end

return operations[operation](unpack(ARGV, 4))
`;

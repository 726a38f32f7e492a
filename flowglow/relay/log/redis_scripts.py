"""What happens inside Redis, whole or not at all: numbering, keeping once, trimming. One script for each.

The keys of a run share a hash tag, so that a run is in one place of a cluster; docs/scaling.md has the format.
"""

from __future__ import annotations

from ..picture import ENDED
from .port import FORM
from .redis_asking import OTHER_FORM
from .redis_keys import FORM_KEY

LAST = 2**53 - 1
"""The highest number that is one: beyond it neither Lua nor a page can tell numbers apart."""
_FORM = f"""
local form = redis.call('GET', '{FORM_KEY}')
if form and form ~= '{FORM}' then return redis.error_reply('{OTHER_FORM} ' .. form) end
"""
"""Before all that reads or writes runs: none of it is done once a version with another form has begun to keep it."""
_NEXT = (
    _FORM
    + """
local function next_of(key)
  local last = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)
  local id = #last > 0 and last[1][1] or '0-0'
  if #last == 0 and redis.call('EXISTS', key) == 1 then
    local facts = redis.call('XINFO', 'STREAM', key)
    for place = 1, #facts, 2 do
      if facts[place] == 'last-generated-id' then id = facts[place + 1] end
    end
  end
  return tonumber(string.match(id, '^%d+'))
end
local function id_of(number)
  return string.format('%.0f-0', number)
end
"""
)
"""A stream that is empty knows the last id that it gave: what is left of a run that is gone."""

_TELL = """
local function tell(starts, kept, run, flow, late)
  redis.call('XADD', starts, 'MAXLEN', '~', kept, '*', 'run', run, 'flow', flow, unpack(late and {'late', '1'} or {}))
end
"""
"""In the same script as what is told of: nobody is left who knows of it and did not say so."""

_BEGIN = """
local function list(born, runs, live, name)
  local place = redis.call('ZSCORE', runs, name)
  if not place then
    place = redis.call('INCR', born)
    redis.call('ZADD', runs, place, name)
    redis.call('ZADD', live, place, name)
  end
  return place
end
local function begin(gone, run, events, starts, kept, name, place, at, facts)
  redis.call('ZREM', gone, name)
  local folded = 0
  if redis.call('XLEN', events) == 0 then folded = next_of(events) end
  redis.call('HSET', run, 'flow_id', facts[1], 'status', facts[2], 'head', facts[3], facts[4], facts[5],
    'touched_at', at, 'folded', folded, 'bytes', 0, 'counted', folded, 'born', place)
  tell(starts, kept, name, facts[1])
  return folded
end
"""
"""A run gets its place in the lists, once; its picture begins, and it is told of. `born` tells it from another run of
that name. What it begins with (`facts`): flow_id, status, head, `input` or `long_input`, and what that is."""

BEYOND = "#!lua flags=allow-oom\n"
"""Before a script that goes beyond `maxmemory`, by little. Redis 7 lets it say so; an older one cannot read it."""
RENEW = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) end
return 1
"""
"""Another word of the log, for all relays that hold the first one: whoever comes second changes nothing."""

BEGIN = (
    _NEXT
    + _TELL
    + _BEGIN
    + """
local place = list(KEYS[1], KEYS[2], KEYS[3], ARGV[1])
if redis.call('EXISTS', KEYS[5]) == 1 then return 0 end
begin(KEYS[4], KEYS[5], KEYS[6], KEYS[7], ARGV[3], ARGV[1], place, ARGV[2], {unpack(ARGV, 4)})
return 1
"""
)
"""KEYS born, runs, live, gone, run, events, starts; ARGV run, touched_at, how many starts are kept, and what it begins
with. 0 where it is known."""

READ = (
    _NEXT
    + """
local following, first = next_of(KEYS[2]), redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)
local from = following
if #first > 0 then from = tonumber(string.match(first[1][1], '^%d+')) - 1 end
local found, fitting, chars = redis.call('XRANGE', KEYS[2], ARGV[1], '+', 'COUNT', ARGV[2]), {}, 0
for place, entry in ipairs(found) do
  for _, text in ipairs(entry[2]) do chars = chars + #text end
  if place > 1 and chars > tonumber(ARGV[3]) then break end
  fitting[place] = entry
end
local known = redis.call('EXISTS', KEYS[1]) == 1 or #first > 0
return {known and 1 or 0, from, following, fitting}
"""
)
"""KEYS run, a stream of it; ARGV the id to read from, how many, how much text. Whether there is such a run, the first
number that is kept, the one that comes next, and the entries: of one moment, and also from a Redis that is full."""

PICTURE = (
    _NEXT
    + """
local facts = redis.call('HMGET', KEYS[1], 'folded', 'head', 'born', 'input', 'long_input')
return {facts[1], facts[2], facts[3] or '', next_of(KEYS[2]), redis.call('XLEN', KEYS[2]), facts[4] or facts[5]}
"""
)
"""KEYS run, events. `folded`, `head` and `born` of the run, the number that comes next, how many are kept,
and `input` of the run."""

_FOLD = """
local function fold(run, results, waiting, born, base, following, at, starts, kept, name)
  local known = redis.call('HMGET', run, 'born', 'folded', 'flow_id')
  if (known[1] or '') ~= born or tonumber(known[2]) ~= base then return 0 end
  if ARGV[at] ~= '' and ARGV[at] ~= known[3] then tell(starts, kept, name, ARGV[at]) end
  redis.call('HSET', run, 'folded', following, 'flow_id', ARGV[at], 'status', ARGV[at + 1], 'head', ARGV[at + 2])
  local given = at + 4 + 2 * ARGV[at + 3]
  for place = at + 4, given - 2, 2 do
    if ARGV[place + 1] == '' then
      redis.call('HDEL', waiting, ARGV[place])
    else
      redis.call('HSET', waiting, ARGV[place], ARGV[place + 1])
    end
  end
  for place = given, #ARGV, 2 do redis.call('HSET', results, ARGV[place], ARGV[place + 1]) end
  return 1
end
"""

_TRIM = """
local function weigh(entry)
  local text, id = '', nil
  for place = 1, #entry[2], 2 do
    if entry[2][place] == 'e' then text = entry[2][place + 1] end
    if entry[2][place] == 'i' then id = entry[2][place + 1] end
  end
  return #text + 7 + #tostring(tonumber(string.match(entry[1], '^%d+')) - 1), id
end
local function trim(events, ids, run, began, following, added, max_events, max_bytes)
  local counted = tonumber(redis.call('HGET', run, 'counted') or began)
  if counted ~= began then
    local from, found = string.format('%.0f-0', counted + 1), {}
    added = 0
    repeat
      found = redis.call('XRANGE', events, from, following, 'COUNT', 500)
      for _, entry in ipairs(found) do added = added + weigh(entry) end
      if #found > 0 then from = '(' .. found[#found][1] end
    until #found < 500
  end
  redis.call('HSET', run, 'counted', following)
  local bytes, length = redis.call('HINCRBY', run, 'bytes', added), redis.call('XLEN', events)
  while length > 1 and (length > max_events or bytes > max_bytes) do
    local first = redis.call('XRANGE', events, '-', following, 'COUNT', 1)[1]
    if not first then return end
    local dropped, id = weigh(first)
    redis.call('XDEL', events, first[1])
    if id then redis.call('HDEL', ids, id) end
    bytes = redis.call('HINCRBY', run, 'bytes', -dropped)
    length = length - 1
  end
end
"""
"""`bytes` of a run is what its events before `counted` weigh: what stands behind it a producer wrote into Redis itself.
`added` is what those from `began` on weigh, of which the caller knows. Nothing from `following` on goes."""

APPEND = (
    _NEXT
    + _TELL
    + _BEGIN
    + _FOLD
    + _TRIM
    + """
local events, ids, run, results, waiting, starts = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local base, born, count = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[6])
local began, picture = next_of(events), 9 + 2 * count
if began + count > """
    + str(LAST)
    + """ then return {-2} end
if redis.call('EXISTS', run) == 0 then
  if base >= 0 or redis.call('XLEN', events) > 0 then return {-1} end
  born = tostring(list(KEYS[7], KEYS[8], KEYS[9], ARGV[8]))
  base = begin(KEYS[10], run, events, starts, ARGV[7], ARGV[8], born, ARGV[3],
    {ARGV[picture], 'queued', ARGV[picture + 2], 'input', 'null'})
end
local following, seqs, added = began, {}, 0
for place = 9, 8 + 2 * count, 2 do
  local id, body = ARGV[place], ARGV[place + 1]
  local known = redis.call('HGET', ids, id)
  if not known then
    redis.call('XADD', events, id_of(following + 1), 'e', body, 'i', id)
    redis.call('HSET', ids, id, following)
    added = added + #body + 7 + #tostring(following)
    known = following
    following = following + 1
  end
  seqs[#seqs + 1] = tonumber(known)
end
local taken = redis.call('INCR', KEYS[11])
if following == began then return {2, following, seqs, born, taken} end
redis.call('HSET', run, 'touched_at', ARGV[3])
local facts, now = redis.call('HMGET', run, 'status', 'flow_id', 'late_at'), redis.call('TIME')[1]
if facts[1] and now - (facts[3] or 0) >= 30 and string.find(' """
    + " ".join(sorted(ENDED))
    + """ ', ' ' .. facts[1] .. ' ', 1, true) then
  tell(starts, ARGV[7], ARGV[8], facts[2] or '', true)
  redis.call('HSET', run, 'late_at', now)
end
local folded = 0
if base == began and following - began == count then
  folded = fold(run, results, waiting, born, base, following, picture, starts, ARGV[7], ARGV[8])
end
trim(events, ids, run, began, following, added, tonumber(ARGV[4]), tonumber(ARGV[5]))
return {folded, following, seqs, born, taken}
"""
)
"""KEYS events, ids, run, results, waiting, starts, born, runs, live, gone, taken; ARGV base, born, touched_at,
max_events, max_bytes, count, how many starts are kept, run, then id and body of each event, then flow_id, status, head,
what waits (how many; name and JSON, "" for what does no longer) and results (node, JSON) as they are if all of them are
new and stand behind `base`. A run that is unknown begins here, where its base is -1: a Redis that is full takes both or
nothing. Whether the picture was taken over (1; 2: nothing was new), the number that comes next, the number of each,
`born`, and how often something was taken in. {-1} where the run is not what was thought, {-2} where numbers are used
up."""

FOLD = (
    _FORM
    + _TELL
    + _FOLD
    + _TRIM
    + """
local run, following = KEYS[1], tonumber(ARGV[3])
local folded = fold(run, KEYS[2], KEYS[3], ARGV[1], tonumber(ARGV[2]), following, 9, KEYS[6], ARGV[7], ARGV[8])
if folded == 1 then
  redis.call('HSET', run, 'touched_at', ARGV[4])
  trim(KEYS[4], KEYS[5], run, following, following, 0, tonumber(ARGV[5]), tonumber(ARGV[6]))
end
return folded
"""
)
"""KEYS run, results, waiting, events, ids, starts; ARGV born, base, following, touched_at, max_events, max_bytes, how
many starts are kept, run, flow_id, status, head, what waits, results. What was folded is bounded as anything. 0 where
somebody else was quicker."""

WRITE = (
    _NEXT
    + """
if redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
local lines, ids, following = KEYS[1], KEYS[3], next_of(KEYS[1])
for place = 2, #ARGV, 2 do
  local id, line = ARGV[place], ARGV[place + 1]
  if id == '' then
    following = following + 1
    redis.call('XADD', lines, id_of(following), 'e', line)
  elseif redis.call('HSETNX', ids, id, following) == 1 then
    following = following + 1
    redis.call('XADD', lines, id_of(following), 'e', line, 'i', id)
  end
end
local excess = redis.call('XLEN', lines) - tonumber(ARGV[1])
if excess > 0 then
  for _, entry in ipairs(redis.call('XRANGE', lines, '-', '+', 'COUNT', excess)) do
    if entry[2][3] == 'i' then redis.call('HDEL', ids, entry[2][4]) end
  end
  redis.call('XTRIM', lines, 'MAXLEN', ARGV[1])
end
return 1
"""
)
"""KEYS lines, run, line_ids; ARGV max_lines, then id ('' for none) and line of each. 0 where the run is unknown."""

ORDER = (
    _NEXT
    + """
if redis.call('EXISTS', KEYS[3]) == 0 then return {-1} end
for place = 1, #ARGV, 2 do
  local said = redis.call('HGET', KEYS[2], ARGV[place])
  if said and said ~= ARGV[place + 1] then return {place} end
end
local following = next_of(KEYS[1])
for place = 1, #ARGV, 2 do
  if redis.call('HSETNX', KEYS[2], ARGV[place], ARGV[place + 1]) == 1 then
    following = following + 1
    redis.call('XADD', KEYS[1], id_of(following), 'e', ARGV[place + 1])
  end
end
return {0, redis.call('INCR', KEYS[4])}
"""
)
"""KEYS orders, said, run, taken; ARGV key and text of each. 0, and how often something was taken in; -1 where the run
is unknown; the place of a key that was used for something else."""

FORGET = (
    _FORM
    + """
local last = redis.call('XREVRANGE', KEYS[5], '+', '-', 'COUNT', 1)
local told = #last > 0 and last[1][1] or ''
if (redis.call('HGET', KEYS[4], 'touched_at') or '') ~= ARGV[2] or told ~= ARGV[3] then return 0 end
local known = redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
for place = 5, 7 do
  if redis.call('EXISTS', KEYS[place]) == 1 then
    redis.call('XTRIM', KEYS[place], 'MAXLEN', 0)
    redis.call('ZADD', KEYS[3], ARGV[4], ARGV[1])
  end
end
redis.call('DEL', KEYS[4], unpack(KEYS, 8))
return known
"""
)
"""KEYS runs, live, gone, run, events, orders, lines, and what else there is of the run; ARGV run, touched_at and the id
of the last event as they were seen, the present time. 0 where something was told since, or somebody else was quicker.
Its streams stay, empty, for their numbers."""

BURY = (
    _FORM
    + """
redis.call('ZREM', KEYS[1], ARGV[1])
if redis.call('EXISTS', KEYS[2]) == 1 then return end
for place = 3, #KEYS do
  if redis.call('XLEN', KEYS[place]) == 0 then redis.call('DEL', KEYS[place]) end
end
"""
)
"""KEYS gone, run, events, orders, lines; ARGV run. The numbers of a run that is gone are forgotten, too."""

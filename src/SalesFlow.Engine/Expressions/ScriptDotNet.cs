namespace SalesFlow.Engine.Expressions;

/// <summary>
/// The .NET types that Elsa's scripts find (DateTime, TimeSpan, Guid, Random), as far as scripts of processes use them and in plain JavaScript: a date is a
/// JavaScript date with .NET's members beside its own, a time span is its text.
/// </summary>
internal static class ScriptDotNet
{
    /// <summary>The hidden property by which a time span is known: it leaves the script as its text.</summary>
    public const string TimeSpanMark = "TotalMilliseconds";

    /// <summary>Run once in a new engine, before everything is frozen.</summary>
    public const string Source = """
        (function () {
          const define = (target, name, value) => Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
          const getter = (target, name, get) => Object.defineProperty(target, name, { get, configurable: true, enumerable: false });
          const two = n => String(n).padStart(2, '0');
          const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
          const milliseconds = span => span instanceof TimeSpan ? span.TotalMilliseconds : TimeSpan.Parse(span).TotalMilliseconds;

          class TimeSpan extends String {
            constructor(...a) {
              const total = a.length === 1 ? Number(a[0]) / 10000
                : a.length <= 3 ? ((a[0] * 60 + a[1]) * 60 + (a[2] ?? 0)) * SECOND
                : (((a[0] * 24 + a[1]) * 60 + a[2]) * 60 + a[3]) * SECOND + (a[4] ?? 0);
              super(TimeSpan.text(total));
              define(this, 'TotalMilliseconds', total);
            }
            static text(total) {
              const t = Math.abs(Math.trunc(total)), days = Math.floor(t / DAY), rest = t % SECOND;
              return (total < 0 ? '-' : '') + (days ? days + '.' : '') + two(Math.floor(t / HOUR) % 24) + ':' + two(Math.floor(t / MINUTE) % 60) + ':' + two(Math.floor(t / SECOND) % 60)
                + (rest ? '.' + String(rest).padStart(3, '0') + '0000' : '');
            }
            static of(total) { return new TimeSpan(total * 10000); }
            static FromDays(n) { return TimeSpan.of(n * DAY); }
            static FromHours(n) { return TimeSpan.of(n * HOUR); }
            static FromMinutes(n) { return TimeSpan.of(n * MINUTE); }
            static FromSeconds(n) { return TimeSpan.of(n * SECOND); }
            static FromMilliseconds(n) { return TimeSpan.of(n); }
            static get Zero() { return TimeSpan.of(0); }
            static Parse(text) {
              const m = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/.exec(String(text).trim()) ?? /^(-)?(\d+)$/.exec(String(text).trim());
              if (!m) throw new RangeError(`'${text}' is not a TimeSpan`);
              const total = (m[2] ?? 0) * DAY + (m[3] ?? 0) * HOUR + (m[4] ?? 0) * MINUTE + (m[5] ?? 0) * SECOND + Number('0.' + (m[6] ?? 0)) * SECOND;
              return TimeSpan.of(m[1] ? -total : total);
            }
            get TotalDays() { return this.TotalMilliseconds / DAY; }
            get TotalHours() { return this.TotalMilliseconds / HOUR; }
            get TotalMinutes() { return this.TotalMilliseconds / MINUTE; }
            get TotalSeconds() { return this.TotalMilliseconds / SECOND; }
            get Days() { return Math.trunc(this.TotalDays); }
            get Hours() { return Math.trunc(this.TotalHours) % 24; }
            get Minutes() { return Math.trunc(this.TotalMinutes) % 60; }
            get Seconds() { return Math.trunc(this.TotalSeconds) % 60; }
            Add(other) { return TimeSpan.of(this.TotalMilliseconds + milliseconds(other)); }
            Subtract(other) { return TimeSpan.of(this.TotalMilliseconds - milliseconds(other)); }
            ToString() { return String(this); }
          }

          // Months of other lengths end at their own last day, as in .NET.
          const addMonths = (date, n) => {
            const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + n + 1, 0)).getUTCDate(), moved = new Date(date);
            moved.setUTCDate(1);
            moved.setUTCMonth(date.getUTCMonth() + n);
            moved.setUTCDate(Math.min(date.getUTCDate(), last));
            return moved;
          };
          const later = (date, ms) => new Date(date.getTime() + ms);
          const members = {
            AddMilliseconds(n) { return later(this, n); }, AddSeconds(n) { return later(this, n * SECOND); }, AddMinutes(n) { return later(this, n * MINUTE); },
            AddHours(n) { return later(this, n * HOUR); }, AddDays(n) { return later(this, n * DAY); }, AddMonths(n) { return addMonths(this, n); }, AddYears(n) { return addMonths(this, n * 12); },
            Add(span) { return later(this, milliseconds(span)); },
            Subtract(other) { return other instanceof Date ? TimeSpan.of(this - other) : later(this, -milliseconds(other)); },
            CompareTo(other) { return Math.sign(this - other); }, Equals(other) { return +this === +other; },
            ToUniversalTime() { return this; },
            ToString(format) {
              if (!format || format === 'O' || format === 'o') return this.toISOString();
              const parts = { yyyy: this.Year, yy: two(this.Year % 100), MM: two(this.Month), M: this.Month, dd: two(this.Day), d: this.Day, HH: two(this.Hour), H: this.Hour,
                mm: two(this.Minute), m: this.Minute, ss: two(this.Second), s: this.Second, fff: String(this.Millisecond).padStart(3, '0') };
              return String(format).replace(/yyyy|yy|MM|M|dd|d|HH|H|mm|m|ss|s|fff/g, part => parts[part]);
            },
          };
          for (const [name, value] of Object.entries(members)) define(Date.prototype, name, value);
          const parts = { Year: d => d.getUTCFullYear(), Month: d => d.getUTCMonth() + 1, Day: d => d.getUTCDate(), Hour: d => d.getUTCHours(), Minute: d => d.getUTCMinutes(),
            Second: d => d.getUTCSeconds(), Millisecond: d => d.getUTCMilliseconds(), DayOfWeek: d => d.getUTCDay(), Date: d => new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate())),
            DayOfYear: d => Math.floor((d - Date.UTC(d.getUTCFullYear(), 0, 1)) / DAY) + 1, UtcDateTime: d => d };
          for (const [name, get] of Object.entries(parts)) getter(Date.prototype, name, function () { return get(this); });

          const moment = name => {
            const type = { [name]: function (year, month, day, hour = 0, minute = 0, second = 0) { return new Date(Date.UTC(year, month - 1, day, hour, minute, second)); } }[name];
            for (const now of ['UtcNow', 'Now']) getter(type, now, () => new Date());
            getter(type, 'Today', () => new Date().Date);
            define(type, 'Parse', text => {
              const date = new Date(text);
              if (isNaN(date)) throw new RangeError(`'${text}' is not a ${name}`);
              return date;
            });
            define(type, 'DaysInMonth', (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate());
            return type;
          };
          class Random {
            Next(from, to) { return to === undefined ? Math.floor(Math.random() * (from ?? 2147483647)) : from + Math.floor(Math.random() * (to - from)); }
            NextDouble() { return Math.random(); }
          }
          const newGuid = globalThis.newGuid, parseGuid = globalThis.parseGuid;
          const Guid = { NewGuid() { return newGuid(); }, Parse(text) { return parseGuid(text); }, Empty: '00000000-0000-0000-0000-000000000000' };
          const LogPersistenceMode = { Inherit: 'Inherit', Include: 'Include', Exclude: 'Exclude' };
          for (const [name, value] of Object.entries({ DateTime: moment('DateTime'), DateTimeOffset: moment('DateTimeOffset'), TimeSpan, Guid, Random, LogPersistenceMode })) define(globalThis, name, value);
        })();
        """;
}

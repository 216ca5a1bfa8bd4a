using System.Globalization;
using SalesFlow.Engine;
using SalesFlow.Runtime;

namespace SalesFlow.Web;

/// <summary>
/// Tells pages that what they show has changed. The feed calls on the committing thread, so nothing happens there but taking note; the refresh follows a
/// moment later, once for all that happened meanwhile.
/// </summary>
public sealed class LiveUpdates(TurnFeed feed, TimeProvider clock)
{
    // Together well under a second: the first change shows at once, a stream of changes refreshes a page about twice a second.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(300);

    /// <summary>Calls <paramref name="refresh"/> after changes that <paramref name="concerns"/> says yes to, never twice at once, until disposed.</summary>
    public IDisposable Watch(Func<InstanceId, IReadOnlyList<Change>, bool> concerns, Func<Task> refresh) => new Watching(feed, clock, concerns, refresh);

    private sealed class Watching : IDisposable
    {
        private readonly TurnFeed _feed;
        private readonly TimeProvider _clock;
        private readonly Func<InstanceId, IReadOnlyList<Change>, bool> _concerns;
        private readonly Func<Task> _refresh;
        // Whoever commits may speak another language than the one who watches, and a thread's language travels along.
        private readonly CultureInfo _culture = CultureInfo.CurrentCulture, _language = CultureInfo.CurrentUICulture;
        private int _noted;
        private volatile bool _over;

        public Watching(TurnFeed feed, TimeProvider clock, Func<InstanceId, IReadOnlyList<Change>, bool> concerns, Func<Task> refresh)
        {
            (_feed, _clock, _concerns, _refresh) = (feed, clock, concerns, refresh);
            feed.Changed += Note;
        }

        public void Dispose()
        {
            _over = true;
            _feed.Changed -= Note;
        }

        // Whoever notes the first change of a quiet time starts the refreshing; it goes on while more is noted.
        private void Note(InstanceId instance, IReadOnlyList<Change> changes)
        {
            if (!_over && _concerns(instance, changes) && Interlocked.Increment(ref _noted) == 1)
                _ = Task.Run(RefreshAsync);
        }

        private async Task RefreshAsync()
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (_culture, _language);
            int seen;
            do
            {
                await Task.Delay(Gathering, _clock);
                seen = Volatile.Read(ref _noted);
                if (_over)
                    return;
                await _refresh();
                await Task.Delay(Rest, _clock);
            }
            while (Interlocked.Add(ref _noted, -seen) > 0);
        }
    }
}

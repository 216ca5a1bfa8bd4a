using System.Globalization;
using SalesFlow.Runtime;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.Notifications;

namespace SalesFlow.Web;

/// <summary>
/// Tells pages that what they show has changed. The feed calls on the committing thread, so nothing happens there but taking note; the refresh follows a
/// moment later, once for all that happened meanwhile.
/// </summary>
public sealed class LiveUpdates(TurnFeed feed, MailFeed mails, NotificationFeed notifications, TimeProvider clock)
{
    // Together well under a second: the first change shows at once, a stream of changes refreshes a page about twice a second.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(300);

    /// <summary>Calls <paramref name="refresh"/> after changes that <paramref name="concerns"/> says yes to, never twice at once, until disposed.</summary>
    public IDisposable Watch(Func<TurnOutcome, bool> concerns, Func<Task> refresh)
    {
        var watching = new Watching(clock, refresh);
        feed.Committed += Hear;
        watching.Over += () => feed.Committed -= Hear;
        return watching;

        void Hear(TurnOutcome turn)
        {
            if (turn.Turn.Changes.Length > 0 && concerns(turn))
                watching.Note();
        }
    }

    /// <summary>The same after letters were written, sent or given up.</summary>
    public IDisposable WatchMails(Func<Task> refresh)
    {
        var watching = new Watching(clock, refresh);
        mails.Changed += watching.Note;
        watching.Over += () => mails.Changed -= watching.Note;
        return watching;
    }

    /// <summary>The same after somebody was told something outside a deal's turn, or has seen it.</summary>
    public IDisposable WatchNotifications(Func<Task> refresh)
    {
        var watching = new Watching(clock, refresh);
        notifications.Changed += watching.Note;
        watching.Over += () => notifications.Changed -= watching.Note;
        return watching;
    }

    private sealed class Watching(TimeProvider clock, Func<Task> refresh) : IDisposable
    {
        // Whoever commits may speak another language than the one who watches, and a thread's language travels along.
        private readonly CultureInfo _culture = CultureInfo.CurrentCulture, _language = CultureInfo.CurrentUICulture;
        private int _noted;
        private volatile bool _over;

        public event Action? Over;

        public void Dispose()
        {
            _over = true;
            Over?.Invoke();
        }

        // Whoever notes the first change of a quiet time starts the refreshing; it goes on while more is noted.
        public void Note()
        {
            if (!_over && Interlocked.Increment(ref _noted) == 1)
                _ = Task.Run(RefreshAsync);
        }

        private async Task RefreshAsync()
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (_culture, _language);
            int seen;
            do
            {
                await Task.Delay(Gathering, clock);
                seen = Volatile.Read(ref _noted);
                if (_over)
                    return;
                await refresh();
                await Task.Delay(Rest, clock);
            }
            while (Interlocked.Add(ref _noted, -seen) > 0);
        }
    }
}

using SalesFlow.Runtime;
using SalesFlow.Sales;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.People;

namespace SalesFlow.Server.Demo;

/// <summary>Books the demo deals' meetings at times that are free, as a rep does on the page of the deal.</summary>
internal sealed class DemoMeetings(MeetingCommands commands, MeetingQueries reading)
{
    private const int Attempts = 3;

    /// <summary>Gives the deal's open meeting a time; false when it has none that could be booked. Of deals that act at once two may want the same time: whoever comes second chooses another.</summary>
    public async Task<bool> BookAsync(DealId deal, Actor rep, DemoChance chance, CancellationToken cancel)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var meeting = (await reading.OfDealAsync(deal, rep, cancel)).FirstOrDefault(one => one.IsOpen);
            if (meeting is null || !MeetingId.TryParse(meeting.Id, out var id) || await reading.SlotsAsync(id, rep, cancel) is not { Count: > 0 } free)
                return false;
            var slot = chance.Of(free);
            try
            {
                await commands.BookAsync(id, new Booking(slot.Start), rep, cancel);
                chance.MeetsUntil = slot.End;
                return true;
            }
            catch (RefusedException) when (attempt < Attempts)
            {
                // Somebody has just taken it.
            }
        }
        return false;
    }
}

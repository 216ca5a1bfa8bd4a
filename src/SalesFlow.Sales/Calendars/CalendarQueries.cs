using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace SalesFlow.Sales.Calendars;

/// <summary>Finds the texts of calendars.</summary>
public sealed class CalendarQueries(IDbContextFactory<SalesFlowDb> databases, WorkingCalendar calendar, SalesOptions options)
{
    /// <summary>What the settings of calendars are called; the key of the calendar follows.</summary>
    internal const string Setting = "calendar:";

    /// <summary>The calendar that was read; <paramref name="problem"/> says why it is none.</summary>
    internal static WorkingCalendar? TryRead(string json, out string? problem)
    {
        try
        {
            problem = null;
            return WorkingCalendar.Read(json);
        }
        catch (Exception broken) when (broken is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or TimeZoneNotFoundException or ArgumentException or IndexOutOfRangeException)
        {
            problem = broken.Message;
            return null;
        }
    }

    /// <summary>The text of a calendar; null when there is none.</summary>
    internal static async Task<string?> TextAsync(SalesFlowDb db, string key, CancellationToken cancel)
    {
        var setting = Setting + key;
        return await db.Settings.Where(s => s.Key == setting).Select(s => s.Value).SingleOrDefaultAsync(cancel);
    }

    /// <summary>Puts the text of a calendar into the transaction that is open.</summary>
    internal static async Task SaveAsync(SalesFlowDb db, string key, string text, CancellationToken cancel)
    {
        var setting = Setting + key;
        if (await db.Settings.SingleOrDefaultAsync(s => s.Key == setting, cancel) is { } known)
            known.Value = text;
        else
            db.Settings.Add(new Setting { Key = setting, Value = text });
    }

    /// <summary>Lets the server count by the calendar that the database holds.</summary>
    public async Task UseSavedAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await TextAsync(db, options.Calendar, cancel) is { } saved)
            Use(options.Calendar, saved);
    }

    /// <summary>Counts by this text from now on, when it is the calendar that the company works by; answers whether it is.</summary>
    internal bool Use(string key, string json)
    {
        if (key != options.Calendar)
            return false;
        calendar.ReplaceWith(WorkingCalendar.Read(json));
        return true;
    }
}

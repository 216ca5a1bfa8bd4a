using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace SalesFlow.Sales.Calendars;

/// <summary>Finds the texts of calendars: what an administrator has brought in, else the shipped file.</summary>
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
    internal async Task<string?> TextAsync(SalesFlowDb db, string key, CancellationToken cancel)
    {
        var setting = Setting + key;
        if (await db.Settings.Where(s => s.Key == setting).Select(s => s.Value).SingleOrDefaultAsync(cancel) is { } edited)
            return edited;
        var folder = Path.Combine(options.Workflows, "calendars");
        // Only names of shipped files: a key never becomes a path.
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.json").FirstOrDefault(file => Path.GetFileName(file) == $"{key}.json") is { } file ? await File.ReadAllTextAsync(file, cancel) : null;
    }

    /// <summary>Lets the server count by the calendar that an administrator has brought in.</summary>
    public async Task UseSavedAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var setting = Setting + options.Calendar;
        if (await db.Settings.Where(s => s.Key == setting).Select(s => s.Value).SingleOrDefaultAsync(cancel) is { } edited)
            Use(options.Calendar, edited);
    }

    /// <summary>Counts by this text from now on, when it is the calendar that the company works by.</summary>
    internal void Use(string key, string json)
    {
        if (key == options.Calendar)
            calendar.ReplaceWith(WorkingCalendar.Read(json));
    }
}

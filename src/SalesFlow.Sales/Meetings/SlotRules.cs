using System.Text.Json.Serialization;
using SalesFlow.Engine;

namespace SalesFlow.Sales.Meetings;

/// <summary>Who of several members has to come. The numbers are stored.</summary>
public enum MeetingNeed
{
    /// <summary>One of them, whoever is free.</summary>
    Any = 0,
    /// <summary>All of them.</summary>
    All = 1,
}

/// <summary>How a meeting may be booked. The database keeps people free by quarters of an hour.</summary>
public sealed record SlotRules
{
    /// <summary>The finest grain of bookings, in minutes.</summary>
    public const int Quarter = 15;
    private const int LongestMeeting = 8 * 60, LongestBuffer = 4 * 60, LongestNotice = 60 * 24 * 60, LongestHorizon = 92;

    /// <summary>Length in minutes, a multiple of a quarter of an hour.</summary>
    public int Length { get; init; } = 60;
    /// <summary>Minutes from one offered beginning to the next, a multiple of a quarter of an hour.</summary>
    public int Step { get; init; } = 30;
    /// <summary>Minutes that are kept free before it.</summary>
    public int BufferBefore { get; init; }
    /// <summary>Minutes that are kept free after it.</summary>
    public int BufferAfter { get; init; } = 15;
    /// <summary>Minutes that lie at least between the booking and the meeting, for clients.</summary>
    public int Notice { get; init; } = 120;
    /// <summary>Days ahead that are offered.</summary>
    public int Horizon { get; init; } = 21;

    /// <summary>What is wrong with the numbers, as a sentence in both languages; null when nothing is.</summary>
    [JsonIgnore]
    public Text? Problem =>
        Length is < Quarter or > LongestMeeting || Length % Quarter != 0 ? new Text($"A meeting of {Length} minutes cannot be booked; expected a multiple of {Quarter} from {Quarter} to {LongestMeeting}.", $"Встречу длиной {Length} мин. назначить нельзя; ожидается кратное {Quarter}, от {Quarter} до {LongestMeeting}.")
        : Step is < Quarter or > LongestMeeting || Step % Quarter != 0 ? new Text($"Slots every {Step} minutes cannot be offered; expected a multiple of {Quarter} from {Quarter} to {LongestMeeting}.", $"Предлагать время через каждые {Step} мин. нельзя; ожидается кратное {Quarter}, от {Quarter} до {LongestMeeting}.")
        : BufferBefore is < 0 or > LongestBuffer || BufferAfter is < 0 or > LongestBuffer ? new Text($"Buffers of {BufferBefore} and {BufferAfter} minutes cannot be kept; expected 0 to {LongestBuffer}.", $"Запас {BufferBefore} и {BufferAfter} мин. невозможен; ожидается от 0 до {LongestBuffer}.")
        : Notice is < 0 or > LongestNotice ? new Text($"A notice of {Notice} minutes cannot be asked for; expected 0 to {LongestNotice}.", $"Предупреждать за {Notice} мин. нельзя; ожидается от 0 до {LongestNotice}.")
        : Horizon is < 1 or > LongestHorizon ? new Text($"Slots for {Horizon} days cannot be offered; expected 1 to {LongestHorizon}.", $"Предлагать время на {Horizon} дн. вперёд нельзя; ожидается от 1 до {LongestHorizon}.") : null;
}

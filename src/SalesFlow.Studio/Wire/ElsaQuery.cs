using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace SalesFlow.Studio.Wire;

/// <summary>Query parameters as Studio sends them: any case, empty ones as good as absent, True and False, lists by repetition.</summary>
internal static class ElsaQuery
{
    public static string? Text(this HttpRequest request, string name) => Plain(name, request.Query[name].ToString()) is { Length: > 0 } text ? text : null;

    public static IReadOnlyList<string> Texts(this HttpRequest request, string name) =>
        [.. request.Query[name].Where(text => !string.IsNullOrEmpty(text)).Select(text => Plain(name, text!))];

    /// <summary>PostgreSQL keeps no text with a NUL in it, so it does not ask for any either.</summary>
    private static string Plain(string name, string text) => text.Contains('\0', StringComparison.Ordinal) ? throw new ElsaProblemException(name, "The text holds a NUL character; remove it.") : text;

    public static int? Whole(this HttpRequest request, string name) => request.Text(name) switch
    {
        null => null,
        { } text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        { } text => throw new ElsaProblemException(name, $"'{text}' is no whole number."),
    };

    public static bool? Flag(this HttpRequest request, string name) => request.Text(name) switch
    {
        null => null,
        { } text when bool.TryParse(text, out var flag) => flag,
        { } text => throw new ElsaProblemException(name, $"'{text}' is neither True nor False."),
    };

    public static T? Word<T>(this HttpRequest request, string name) where T : struct, Enum => request.Text(name) is { } text ? Word<T>(name, text) : null;

    public static IReadOnlyList<T> Words<T>(this HttpRequest request, string name) where T : struct, Enum => [.. request.Texts(name).Select(text => Word<T>(name, text))];

    private static T Word<T>(string name, string text) where T : struct, Enum => Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
        ? value : throw new ElsaProblemException(name, $"'{text}' is unknown; expected {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>Which part of the list is asked for; everything when no size is given.</summary>
    public static PageAsked PageAsked(this HttpRequest request) => new(request.Whole("page") ?? 0, request.Whole("pageSize"));
}

/// <summary>A page counted from 0, and its size; null means the whole list.</summary>
internal readonly record struct PageAsked(int Page, int? Size)
{
    /// <summary>The rows of this page.</summary>
    public IQueryable<T> Of<T>(IQueryable<T> rows) => Size is { } size ? rows.Skip((int)Math.Min(int.MaxValue, Math.Max(0, Page) * (long)Math.Max(0, size))).Take(Math.Max(0, size)) : rows;
}

/// <summary>Elsa's two directions of a sorted list.</summary>
internal enum OrderDirection
{
    Ascending,
    Descending,
}

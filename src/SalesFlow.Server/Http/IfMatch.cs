using System.Globalization;
using SalesFlow.Sales;

namespace SalesFlow.Server.Http;

/// <summary>The version a client believes to be changing, from the header <c>If-Match: "7"</c>; none when the header is absent.</summary>
public sealed record IfMatch(long? Version)
{
    /// <summary>Reads the header; a value that is no quoted number is refused.</summary>
    public static ValueTask<IfMatch?> BindAsync(HttpContext http)
    {
        var text = http.Request.Headers.IfMatch.ToString();
        if (text.Length == 0 || text == "*")
            return ValueTask.FromResult<IfMatch?>(new IfMatch((long?)null));
        if (long.TryParse(text.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return ValueTask.FromResult<IfMatch?>(new IfMatch(version));
        throw new ValidationException("If-Match", $"'{text}' is not a version; send the deal's version in quotes, for example \"7\".");
    }
}

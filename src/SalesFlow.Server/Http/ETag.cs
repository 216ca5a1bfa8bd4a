using System.Globalization;

namespace SalesFlow.Server.Http;

/// <summary>A version as an HTTP entity tag: the counterpart of <see cref="IfMatch"/>.</summary>
internal static class ETag
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}

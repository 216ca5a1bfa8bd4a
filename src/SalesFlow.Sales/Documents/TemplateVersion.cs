using System.Security.Cryptography;
using System.Text;

namespace SalesFlow.Sales.Documents;

/// <summary>What a template said from one saving to the next. Versions are never changed and never deleted: issued documents point at them.</summary>
public sealed class TemplateVersion
{
    /// <summary>Key and language, as in "offer.ru".</summary>
    public string Name { get; set; } = "";
    /// <summary>From 1, without gaps; the highest one is in force.</summary>
    public int Version { get; set; }
    /// <summary>The Scriban text.</summary>
    public string Text { get; set; } = "";
    /// <summary>Hash of the text.</summary>
    public string Hash { get; set; } = "";
    /// <summary>When it was saved.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>Who saved it.</summary>
    public string By { get; set; } = "";

    /// <summary>The version that follows <paramref name="before"/>; the first one when there is none.</summary>
    public static TemplateVersion Next(string name, TemplateVersion? before, string text, DateTimeOffset at, string by) =>
        new() { Name = name, Version = (before?.Version ?? 0) + 1, Text = text, Hash = HashOf(text), At = at, By = by };

    /// <summary>SHA-256 of a text in UTF-8, in lower-case hexadecimal digits.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

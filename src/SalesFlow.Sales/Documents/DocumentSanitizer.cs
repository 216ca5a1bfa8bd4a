using AngleSharp.Css.Dom;
using Ganss.Xss;

namespace SalesFlow.Sales.Documents;

/// <summary>What may be in a document: structure, styles and texts; no scripts, no forms, nothing that is fetched from elsewhere.</summary>
internal static class DocumentSanitizer
{
    // Its lists of what is allowed are long and are built once; cleaning reads them only, so that many may clean at once.
    private static readonly HtmlSanitizer Sanitizer = Strict();

    public static string Clean(string html) => Sanitizer.SanitizeDocument(html);

    private static HtmlSanitizer Strict()
    {
        var sanitizer = new HtmlSanitizer();
        sanitizer.AllowedTags.UnionWith(["html", "head", "body", "title", "meta", "style"]);
        sanitizer.AllowedAttributes.UnionWith(["class", "lang", "charset"]);
        sanitizer.AllowedAtRules.UnionWith([CssRuleType.Page, CssRuleType.Media]);
        sanitizer.AllowedSchemes.Clear();
        sanitizer.AllowedSchemes.UnionWith(["mailto", "https"]);
        return sanitizer;
    }
}

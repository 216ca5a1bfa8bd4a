using AngleSharp.Css.Dom;
using Ganss.Xss;

namespace SalesFlow.Sales.Documents;

/// <summary>What may be in a document: structure, styles and texts; no scripts, no forms, nothing that is fetched from elsewhere.</summary>
internal static class DocumentSanitizer
{
    public static string Clean(string html)
    {
        var sanitizer = new HtmlSanitizer();
        sanitizer.AllowedTags.UnionWith(["html", "head", "body", "title", "meta", "style"]);
        sanitizer.AllowedAttributes.UnionWith(["class", "lang", "charset"]);
        sanitizer.AllowedAtRules.UnionWith([CssRuleType.Page, CssRuleType.Media]);
        sanitizer.AllowedSchemes.Clear();
        sanitizer.AllowedSchemes.UnionWith(["mailto", "https"]);
        return sanitizer.SanitizeDocument(html);
    }
}

using System.Text.RegularExpressions;
using SalesFlow.Engine;

namespace SalesFlow.Sales.Documents;

/// <summary>Key and language of a template, written as "offer.ru"; the keys of parts begin with an underscore.</summary>
public sealed partial record TemplateName
{
    private TemplateName(string key, string language) => (Key, Language) = (key, language);

    /// <summary>What a document's step names.</summary>
    public string Key { get; }
    /// <summary>ru or en.</summary>
    public string Language { get; }
    /// <summary>True for what others include.</summary>
    public bool IsPart => Key[0] == PartUses.Mark;

    /// <summary>Reads "offer.ru", or "offer" in the language given; throws <see cref="ValidationException"/>.</summary>
    public static TemplateName Read(string text, string language)
    {
        var match = Form().Match(text);
        return match.Success
            ? new(match.Groups["key"].Value, match.Groups["language"] is { Success: true } written ? written.Value : language.StartsWith("ru", StringComparison.Ordinal) ? "ru" : "en")
            : throw new ValidationException("key", new Text(
                $"'{text}' is no name of a template: letters of the Latin alphabet, digits, '-' and '_', at most 64, then .ru or .en, as in offer.ru.",
                $"«{text}» не имя шаблона: латинские буквы, цифры, «-» и «_», не больше 64, затем .ru или .en, например offer.ru.").In(language));
    }

    /// <inheritdoc />
    public override string ToString() => $"{Key}.{Language}";

    [GeneratedRegex(@"^(?<key>_?[A-Za-z0-9][A-Za-z0-9_-]{0,63})(?:\.(?<language>ru|en))?\z")]
    private static partial Regex Form();
}

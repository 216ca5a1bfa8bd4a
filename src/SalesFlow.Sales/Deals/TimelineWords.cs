using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Deals;

/// <summary>Turns what is stored of an event into a sentence in the reader's language.</summary>
internal static class TimelineWords
{
    // {0}, {1} are the entry's particulars, named beside the sentence.
    private static readonly Dictionary<string, (Text Sentence, string[] Particulars)> Sentences = new()
    {
        [TimelineKinds.Created] = (new("The deal was created: {0}", "Сделка создана: {0}"), ["title"]),
        [TimelineKinds.FieldsChanged] = (new("Changed: {0}", "Изменено: {0}"), ["fields"]),
        [TimelineKinds.OwnerChanged] = (new("The owner is now {0}", "Ответственный: {0}"), ["user"]),
        [TimelineKinds.StageEntered] = (new("Entered the stage “{0}”", "Этап «{0}» начат"), ["stage"]),
        [TimelineKinds.StageLeft] = (new("Left the stage “{0}” ({1})", "Этап «{0}» завершён ({1})"), ["stage", "outcome"]),
        [TimelineKinds.TaskOpened] = (new("Task: {0}", "Поставлена задача: {0}"), ["task"]),
        [TimelineKinds.TaskCompleted] = (new("Task done: {0} — {1} {2}", "Задача выполнена: {0} — {1} {2}"), ["task", "outcome", "comment"]),
        [TimelineKinds.TaskCancelled] = (new("Task withdrawn: {0}", "Задача отменена: {0}"), ["task"]),
        [TimelineKinds.TaskAssigned] = (new("Task “{0}” goes to {1}", "Задача «{0}» передана: {1}"), ["task", "user"]),
        [TimelineKinds.DocumentIssued] = (new("Document issued: {0} {1}", "Выпущен документ: {0} {1}"), ["kind", "number"]),
        [TimelineKinds.Won] = (new("The deal was won {0}", "Сделка выиграна {0}"), ["reason"]),
        [TimelineKinds.Lost] = (new("The deal was lost: {0}", "Сделка проиграна: {0}"), ["reason"]),
        [TimelineKinds.Commented] = (new("{0}", "{0}"), ["text"]),
    };

    /// <summary>The sentence with its time and actor. A particular may be one text or one in each language; "user" is an id.</summary>
    public static TimelineView View(TimelineEntry entry, string language, ImmutableDictionary<UserId, UserView> people)
    {
        using var data = JsonDocument.Parse(entry.Data);
        var sentence = Sentences.TryGetValue(entry.Kind, out var known)
            ? string.Format(CultureInfo.InvariantCulture, known.Sentence.In(language), [.. known.Particulars.Select(p => Particular(data.RootElement, p, language, people))]).Trim()
            : entry.Kind;
        return new(entry.Id.ToString(CultureInfo.InvariantCulture), entry.Kind, sentence, entry.At, DealQueries.NameOf(entry.Actor, people)?.DisplayName);
    }

    private static string Particular(JsonElement data, string name, string language, ImmutableDictionary<UserId, UserView> people)
    {
        if (!data.TryGetProperty(name, out var value)) return "";
        if (value.ValueKind == JsonValueKind.Object)
            return value.TryGetProperty(new Text("en", "ru").In(language), out var translated) ? translated.ToString() : "";
        if (name == "user")
            return UserId.TryParse(value.ToString(), out var id) && people.TryGetValue(id, out var user) ? user.DisplayName : "—";
        return value.ToString();
    }
}

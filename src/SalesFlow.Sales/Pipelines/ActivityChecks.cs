using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Engine.Checks;
using SalesFlow.Engine.Definitions;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Rules;

namespace SalesFlow.Sales.Pipelines;

/// <summary>What is written in the inputs of the sales activities: as far as they are literals, it can be checked before they run.</summary>
internal static class ActivityChecks
{
    public static IEnumerable<Finding> Find(Node node, KnownNames known) => node.Activity switch
    {
        TaskActivity => OfTask(node, known),
        DocumentActivity => OfDocument(node, known),
        Gate => OfGate(node),
        MeetingActivity => OfMeeting(node, known),
        Notifications.NotifyActivity => OfNotify(node, known),
        Assignments.AssignActivity => OfAssign(node, known),
        Approvals.ApprovalActivity => OfApproval(node, known),
        CloseDeal => OfClose(node),
        UpdateDeal => OfUpdate(node),
        _ => [],
    };

    /// <summary>The text of an input that is a literal; null when it is computed or not given.</summary>
    public static string? Text(Node node, string input) =>
        node.Inputs.TryGetValue(input, out var written) && written is { Type: "Literal", Value.ValueKind: JsonValueKind.String } && written.Value.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>The same of an input that may be a list, which is written as JSON.</summary>
    private static string? Written(Node node, string input) => Text(node, input)
        ?? (node.Inputs.TryGetValue(input, out var written) && written is { Type: "Object" or "Literal", Value.ValueKind: JsonValueKind.String or JsonValueKind.Array } ? written.Value.ToString() : null);

    public static Finding? Role(Node node, string at, string role, KnownNames known) => known.Roles?.Contains(role) == false
        ? Finding.Error("unknownRole", node, at, new($"There is no role '{role}'. There are: {List(known.Roles)}.", $"Роли «{role}» нет. Есть: {List(known.Roles)}.")) : null;

    public static Finding? Matrix(Node node, string at, string matrix, KnownNames known) => known.Matrices?.Contains(matrix) == false
        ? Finding.Error("unknownMatrix", node, at, new($"There is no approval matrix '{matrix}'. There are: {List(known.Matrices)}.", $"Матрицы согласования «{matrix}» нет. Есть: {List(known.Matrices)}.")) : null;

    private static Finding? Team(Node node, string at, string team, KnownNames known) => known.Teams?.Contains(team) == false
        ? Finding.Warning("unknownTeam", node, at, new($"Nobody is in a team '{team}'. {(known.Teams.IsEmpty ? "There are no teams." : $"There are: {List(known.Teams)}.")}",
            $"В команде «{team}» никого нет. {(known.Teams.IsEmpty ? "Команд нет." : $"Есть: {List(known.Teams)}.")}")) : null;

    private static IEnumerable<Finding> OfNotify(Node node, KnownNames known)
    {
        if (Text(node, "To") is { } to && to != Notifications.NotifyActivity.Client && Assignee(node, to, known, "to") is { } wrong)
            yield return wrong;
        if (!IsWritten(node, "Subject"))
            yield return Finding.Error("noSubject", node, "subject", new("The notification has no subject; expected a line such as Offer accepted.", "У уведомления нет темы; ожидается строка, например «Предложение принято»."));
    }

    private static IEnumerable<Finding> OfAssign(Node node, KnownNames known)
    {
        if (Text(node, "Role") is { } role && Role(node, "role", role, known) is { } wrong)
            yield return wrong;
        if (Text(node, "Team") is { } team && Team(node, "team", team, known) is { } nobody)
            yield return nobody;
    }

    private static IEnumerable<Finding> OfApproval(Node node, KnownNames known)
    {
        if (Text(node, "Matrix") is { } matrix && Matrix(node, "matrix", matrix, known) is { } unknown)
            yield return unknown;
        if (Text(node, "Fallback") is { } fallback && (fallback == "owner" ? NoAssignee(node, fallback, "fallback", "") : Assignee(node, fallback, known, "fallback")) is { } wrong)
            yield return wrong;
    }

    private static IEnumerable<Finding> OfClose(Node node)
    {
        if (Text(node, "Result") == "lost" && Text(node, "Reason") is { } reason && LossReasons.KeyOf(reason) == LossReasons.Other && !reason.StartsWith(LossReasons.Other, StringComparison.Ordinal))
            yield return Finding.Warning("unknownReason", node, "reason", new($"'{reason}' is no reason that reports know: the deal counts under '{LossReasons.Other}'. There are: {string.Join(", ", LossReasons.Known)}.",
                $"Причины «{reason}» отчёты не знают: сделка попадёт в «{LossReasons.Other}». Есть: {string.Join(", ", LossReasons.Known)}."));
    }

    private static IEnumerable<Finding> OfUpdate(Node node)
    {
        if (!IsWritten(node, "Fields") || node.Inputs["Fields"] is { Type: "Literal" or "Object" } written && (written.Value.ValueKind == JsonValueKind.String ? Parse(written.Value.GetString()!) : written.Value) is not { ValueKind: JsonValueKind.Object })
            yield return Finding.Error("brokenFields", node, "fields", new("Fields must be an object of names and values, such as {\"budget\": 100}.", "Поля задаются объектом с именами и значениями, например {\"budget\": 100}."));
    }

    /// <summary>False for an input that is missing or an empty literal.</summary>
    private static bool IsWritten(Node node, string input) => node.Inputs.TryGetValue(input, out var written)
        && (written.Type is not ("Literal" or "Object") || written.Value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) && !string.IsNullOrWhiteSpace(written.Value.ToString()));

    private static IEnumerable<Finding> OfTask(Node node, KnownNames known)
    {
        var outcomes = Ports.Texts(node.Inputs.GetValueOrDefault("Outcomes"));
        if (outcomes?.Count == 0)
            yield return Finding.Error("noOutcomes", node, "outcomes", new("The task names no buttons. Name at least one, such as Done.", "У задачи не названо ни одной кнопки. Назовите хотя бы одну, например Done."));
        if (Text(node, "Assignee") is { } assignee && Assignee(node, assignee, known) is { } wrong)
            yield return wrong;
        foreach (var finding in Names(node, outcomes).Concat(Form(node, outcomes)))
            yield return finding;
    }

    private static Finding? Assignee(Node node, string assignee, KnownNames known, string at = "assignee")
    {
        if (assignee.StartsWith("role:", StringComparison.Ordinal))
            return Role(node, at, assignee[5..], known);
        if (assignee.StartsWith("user:", StringComparison.Ordinal))
            return known.Users?.Contains(assignee[5..]) == false
                ? Finding.Error("unknownUser", node, at, new($"There is no user '{assignee[5..]}'.", $"Пользователя «{assignee[5..]}» нет.")) : null;
        return assignee == "owner" ? null : NoAssignee(node, assignee, at, "owner, ");
    }

    private static Finding NoAssignee(Node node, string assignee, string at, string owner) =>
        Finding.Error("unknownAssignee", node, at, new($"'{assignee}' is no assignee; expected {owner}role:<role> or user:<name>.", $"«{assignee}» — не исполнитель; ожидается {owner}role:<роль> или user:<имя>."));

    private static IEnumerable<Finding> Names(Node node, IReadOnlyList<string>? outcomes)
    {
        if (Text(node, "OutcomeNames") is not { } text)
            yield break;
        if (Parse(text) is not { ValueKind: JsonValueKind.Object } names)
            yield return Finding.Error("brokenNames", node, "outcomeNames", new("Is not JSON; expected an object such as {\"Yes\": {\"ru\": \"Да\", \"en\": \"Yes\"}}.", "Это не JSON; ожидается объект, например {\"Yes\": {\"ru\": \"Да\", \"en\": \"Yes\"}}."));
        else if (outcomes is not null)
            foreach (var name in names.EnumerateObject().Where(name => !outcomes.Contains(name.Name)))
                yield return Finding.Warning("unknownButton", node, "outcomeNames", NoButton(name.Name, outcomes));
    }

    private static IEnumerable<Finding> Form(Node node, IReadOnlyList<string>? outcomes, string input = "Form")
    {
        var at = input == "Form" ? "form" : "resultForm";
        if (Text(node, input) is not { } text)
            return [];
        try
        {
            return from field in TaskActivity.Form(text)
                   from button in field.RequiredFor ?? []
                   where outcomes?.Contains(button) == false
                   select Finding.Warning("unknownButton", node, at, NoButton(button, outcomes!));
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or ArgumentException or InvalidOperationException)
        {
            return [Finding.Error("brokenForm", node, at, new($"The form cannot be read: {broken.Message} Expected a list such as [{{\"field\": \"budget\", \"label\": \"Budget\", \"type\": \"money\"}}].",
                $"Форму не удаётся прочесть: {broken.Message} Ожидается список, например [{{\"field\": \"budget\", \"label\": \"Бюджет\", \"type\": \"money\"}}]."))];
        }
    }

    private static IEnumerable<Finding> OfMeeting(Node node, KnownNames known)
    {
        if (Written(node, "Members") is { } members && !WordList.Read(members).IsEmpty)
        {
            if (MeetingMembers.Unknown(members) is { } unknown)
                yield return Finding.Error("unknownMember", node, "members", new($"'{unknown}' is no member of a meeting; expected owner, user:<name>, role:<role> or team:<team>, separated by commas.",
                    $"«{unknown}» — не участник встречи; ожидается owner, user:<имя>, role:<роль> или team:<команда> через запятую."));
            foreach (var word in WordList.Read(members))
                if (Member(node, word, known) is { } wrong)
                    yield return wrong;
        }
        if (MeetingActivity.Rules(input => ValueChecks.Number(node, input)).Problem is { } problem)
            yield return Finding.Error("brokenSlots", node, "", problem);
        string[] first = [MeetingActivity.Booked, MeetingActivity.NoAnswer, MeetingActivity.Declined], second = [MeetingActivity.Held, MeetingActivity.NoShow, MeetingActivity.Declined];
        foreach (var finding in Form(node, first).Concat(Form(node, second, "ResultForm")))
            yield return finding;
    }

    private static Finding? Member(Node node, string word, KnownNames known) =>
        word.StartsWith("team:", StringComparison.Ordinal) ? Team(node, "members", word[5..], known)
        : word.StartsWith("role:", StringComparison.Ordinal) || word.StartsWith("user:", StringComparison.Ordinal) ? Assignee(node, word, known, "members") : null;

    private static IEnumerable<Finding> OfDocument(Node node, KnownNames known)
    {
        if (!node.Inputs.ContainsKey("Kind"))
            yield return Finding.Error("noKind", node, "kind", new("The document has no kind; expected one such as offer or contract.", "У документа нет вида; ожидается, например, offer или contract."));
        var template = Text(node, "Template") ?? (node.Inputs.ContainsKey("Template") ? null : Text(node, "Kind"));
        var language = Text(node, "Language") ?? (node.Inputs.ContainsKey("Language") ? null : "ru");
        if (template is null || known.Templates is null)
            yield break;
        if (language is null ? !known.Templates.Any(name => name.StartsWith(template + ".", StringComparison.Ordinal)) : !known.Templates.Contains($"{template}.{language}"))
            yield return Finding.Error("unknownTemplate", node, "template", new($"There is no template '{template}'{(language is null ? "" : $" in '{language}'")}. There are: {List(known.Templates)}.",
                $"Шаблона «{template}»{(language is null ? "" : $" на языке «{language}»")} нет. Есть: {List(known.Templates)}."));
    }

    private static IEnumerable<Finding> OfGate(Node node)
    {
        string? mistake = null;
        try
        {
            StageRule.Read(Text(node, "Rules"));
        }
        catch (FormatException broken)
        {
            mistake = broken.Message;
        }
        return mistake is null ? [] : [Finding.Error("brokenRules", node, "rules", new($"The list of rules {mistake}.", $"Правила не читаются: {mistake}."))];
    }

    private static Text NoButton(string name, IReadOnlyList<string> outcomes) =>
        new($"The task has no button '{name}'. It has: {string.Join(", ", outcomes)}.", $"У задачи нет кнопки «{name}». Есть: {string.Join(", ", outcomes)}.");

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using SalesFlow.Engine;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Deals;

/// <summary>Checks what people and machines send about a deal and turns it into changes.</summary>
internal static class DealInput
{
    private const int LongestTitle = 300, LongestText = 10_000, LongestReason = 2_000, MostFields = 200;
    private const decimal LargestAmount = 1_000_000_000_000m;

    public static void Check(NewDeal deal)
    {
        var errors = new Errors();
        errors.Words("title", deal.Title, LongestTitle);
        errors.Words("client.name", deal.Client.Name, LongestTitle);
        foreach (var (name, text) in new[] { ("client.inn", deal.Client.Inn), ("client.contact", deal.Client.Contact), ("client.email", deal.Client.Email), ("client.phone", deal.Client.Phone), ("channel", deal.Channel) })
            errors.Short(name, text, LongestTitle);
        errors.Amount(deal.Amount);
        errors.Currency(deal.Currency);
        errors.Fields(deal.Fields);
        errors.Throw();
    }

    public static void Check(DealPatch patch)
    {
        var errors = new Errors();
        if (patch.Title is not null) errors.Words("title", patch.Title, LongestTitle);
        if (patch.Amount is { } amount) errors.Amount(amount);
        if (patch.Currency is not null) errors.Currency(patch.Currency);
        errors.Short("channel", patch.Channel, LongestTitle);
        errors.Fields(patch.Fields);
        errors.Throw();
    }

    public static void CheckComment(string text)
    {
        var errors = new Errors();
        errors.Words("text", text, LongestText);
        errors.Throw();
    }

    public static void CheckReason(string? reason)
    {
        var errors = new Errors();
        errors.Short("reason", reason, LongestReason);
        errors.Throw();
    }

    /// <summary>Only what differs from the deal as it stands; an empty list when nothing does.</summary>
    public static ImmutableArray<Change> Changes(DealPatch patch, long? expectedVersion, DealMoment moment, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        var deal = moment.Facts.Deal;
        DealAccess.DemandChange(deal, actor);
        if (expectedVersion is { } expected && expected != deal.Version)
            throw new ChangedMeanwhileException(new Text($"Deal {deal.Number} has version {deal.Version}, not {expected}: someone changed it meanwhile. Read it again and repeat your change.",
                $"Сделка {deal.Number} уже имеет версию {deal.Version}, а не {expected}: её изменили. Обновите страницу и повторите правку.").In(actor.Language));
        Moves.DemandOpen(deal, actor.Language);
        var changes = ImmutableArray.CreateBuilder<Change>();
        if (Values(patch, deal) is { IsEmpty: false } values)
            changes.Add(new FieldsChanged(deal.Id, moment.Now, actor.Id, values));
        if (patch.Owner is { } name)
            changes.AddRange(Handover(deal, name.Length == 0 ? null : Owner(name, actor, people), moment.Now, actor));
        return changes.ToImmutable();
    }

    /// <summary>The person a deal may go to: someone who sells. Only a lead may give a deal to somebody else.</summary>
    public static UserId Owner(string name, Actor actor, ImmutableDictionary<UserId, UserView> people)
    {
        var id = UserQueries.Find(people, name) ?? throw new ValidationException("owner", $"There is no person '{name}'. Give a sign-in name from /api/users.");
        if (!people[id].Active)
            throw new ValidationException("owner", $"'{name}' no longer works here.");
        if (!people[id].Roles.Any(role => role is Roles.Rep or Roles.HeadOfSales))
            throw new ValidationException("owner", $"'{name}' does not sell. A deal is owned by a rep or the head of sales.");
        return id == actor.Id || DealAccess.Leads(actor) ? id
            : throw new ForbiddenException("Only the head of sales or an administrator may give a deal to somebody else.");
    }

    /// <summary>Values as the engine knows them.</summary>
    public static ImmutableDictionary<string, object?> Plain(IReadOnlyDictionary<string, object?>? fields) =>
        fields?.Where(field => Value(field.Value) is not null).ToImmutableDictionary(field => field.Key, field => Value(field.Value)) ?? ImmutableDictionary<string, object?>.Empty;

    private static ImmutableDictionary<string, object?> Values(DealPatch patch, Deal deal)
    {
        var values = ImmutableDictionary.CreateBuilder<string, object?>();
        if (patch.Title is { } title && title.Trim() != deal.Title) values["title"] = title.Trim();
        if (patch.Amount is { } amount && amount != deal.Amount) values["amount"] = amount;
        if (patch.Currency is { } currency && currency != deal.Currency) values["currency"] = currency;
        if (patch.Channel is { } channel && channel != (deal.Channel ?? "")) values["channel"] = channel.Length == 0 ? null : channel;
        foreach (var (name, given) in patch.Fields ?? new Dictionary<string, object?>())
            if (Json.Write(Value(given)) is var written && written != Json.Write(deal.Fields.GetValueOrDefault(name)))
                values[name] = Value(given);
        return values.ToImmutable();
    }

    /// <summary>The open tasks of the former owner go along: they are the deal's, not the person's.</summary>
    private static IEnumerable<Change> Handover(Deal deal, UserId? to, DateTimeOffset now, Actor actor)
    {
        if (to == deal.Owner)
            yield break;
        if (to is null && !DealAccess.Leads(actor))
            throw new ForbiddenException("Only the head of sales or an administrator may take a deal from its owner.");
        yield return new OwnerChanged(deal.Id, now, actor.Id, to);
        if (to is { } person)
            foreach (var task in deal.Tasks.Where(task => task.Status == Tasks.SalesTaskStatus.Open && task.CandidateRole is null && (task.Assignee == deal.Owner || task.InsteadOf == deal.Owner && deal.Owner is not null)))
                yield return new TaskAssigned(deal.Id, now, actor.Id, task.Id, person);
    }

    private static object? Value(object? given) => given is JsonElement json ? Engine.Expressions.Json.Plain(json) : given;

    private sealed class Errors
    {
        private readonly Dictionary<string, string[]> _errors = [];

        public void Words(string field, string? text, int longest)
        {
            if (string.IsNullOrWhiteSpace(text)) _errors[field] = ["A text is required."];
            else Short(field, text, longest);
        }

        public void Short(string field, string? text, int longest)
        {
            if (text?.Length > longest) _errors[field] = [$"The text has {text.Length} characters; at most {longest} are kept."];
        }

        public void Amount(decimal amount)
        {
            if (amount is < 0 or > LargestAmount) _errors["amount"] = [$"{amount} is not an amount; a number from 0 to {LargestAmount:0} was expected."];
        }

        public void Currency(string currency)
        {
            if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)) _errors["currency"] = [$"'{currency}' is not a currency; an ISO 4217 code such as RUB was expected."];
        }

        public void Fields(IReadOnlyDictionary<string, object?>? fields)
        {
            if (fields?.Count > MostFields) _errors["fields"] = [$"{fields.Count} fields were sent; at most {MostFields} are kept."];
            foreach (var (name, value) in fields ?? new Dictionary<string, object?>())
                if (DealPatch.Names.Contains(name)) _errors[$"fields.{name}"] = [$"'{name}' is a property of the deal itself, not one of its fields."];
                else if (name.Length is 0 or > 100) _errors[$"fields.{name}"] = ["The name of a field has 1 to 100 characters."];
                else if (Value(value) is string { Length: > LongestText } text) _errors[$"fields.{name}"] = [$"The text has {text.Length} characters; at most {LongestText} are kept."];
        }

        public void Throw()
        {
            if (_errors.Count > 0) throw new ValidationException(_errors);
        }
    }
}

using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;

namespace SalesFlow.Sales.Documents;

/// <summary>Renders a document of a deal, numbers it and keeps it; the deal goes on when it is kept.</summary>
public sealed class RenderDocumentHandler(SalesFactsQueries facts, TemplateQueries templates, NumberCommands numbers, WorkingCalendar calendar, TimeProvider clock) : EffectHandler
{
    /// <inheritdoc />
    public override Type EffectType => typeof(RenderDocument);

    /// <inheritdoc />
    public override async Task<EffectAnswer> PerformAsync(InstanceId instance, EffectRequest request, CancellationToken cancel)
    {
        var wanted = (RenderDocument)request.Effect;
        var known = await facts.FindAsync(new DealId(instance.Value), cancel) ?? throw new InvalidOperationException($"Instance {instance} has no deal to make a document of.");
        try
        {
            return await IssueAsync(instance, request.Number, wanted, known, cancel);
        }
        catch (Exception broken) when (broken is TemplateException or NotFoundException)
        {
            // Trying again would not help: the activity faults with these words, and a retry of the incident renders anew.
            return new(new Dictionary<string, object?> { [DocumentActivity.Error] = $"Template '{wanted.Template}' ({wanted.Language}): {broken.Message}" }, [], []);
        }
    }

    private async Task<EffectAnswer> IssueAsync(InstanceId instance, int effect, RenderDocument wanted, DealFacts known, CancellationToken cancel)
    {
        var inForce = await templates.GetAsync(wanted.Template, wanted.Language, cancel);
        var (template, now) = (inForce.Template, clock.GetUtcNow());
        var year = TimeZoneInfo.ConvertTime(now, calendar.Zone).Year;
        // Rendered once on trial: a template that fails must not use up a number.
        template.Render(DocumentValues.Of(known, "", now), wanted.Language, calendar.Zone);
        var number = DocumentNumber.Of(wanted.Kind, year, await numbers.DrawAsync(wanted.Kind, year, instance, effect, cancel), wanted.Language);
        var making = new DocumentMaking(inForce.Versions, calendar.Zone.Id, DocumentData.Of(DocumentValues.Of(known, number, now)));
        var rendered = template.Render(making.Data, wanted.Language, calendar.Zone);
        var issued = new DocumentIssued(known.Deal.Id, now, new DocumentId(RowIds.Of(instance.Value, effect)), wanted.Kind, number, wanted.Template, template.Hash, wanted.Language, rendered.Html, rendered.Hash)
        { TemplateVersion = inForce.Version, Making = making.Write() };
        return new(new Dictionary<string, object?> { ["number"] = number }, [issued], []);
    }
}

/// <summary>What a template may name.</summary>
public static class DocumentValues
{
    /// <summary>The deal, its client and documents, the document's number and time of issue.</summary>
    public static IReadOnlyDictionary<string, object?> Of(DealFacts facts, string number, DateTimeOffset issuedAt) => new Dictionary<string, object?>
    {
        ["deal"] = facts.Read("deal"), ["client"] = facts.Read("client"), ["documents"] = facts.Read("documents"), ["number"] = number, ["issued_at"] = issuedAt,
    };
}

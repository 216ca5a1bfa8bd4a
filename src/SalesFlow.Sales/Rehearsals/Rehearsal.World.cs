using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Assignments;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;

namespace SalesFlow.Sales.Rehearsals;

public sealed partial class Rehearsal
{
    private static readonly TimeSpan KeepEventsFor = TimeSpan.FromDays(7);

    private readonly Queue<(RehearsedInstance Instance, EffectRequest Request)> _effects = new();
    private readonly List<(EventPublished Event, RehearsedInstance? Sender, DateTimeOffset Until)> _kept = [];
    private readonly Dictionary<(string Kind, int Year), long> _series = [];

    /// <summary>Events that were published and that nobody has waited for yet.</summary>
    public IEnumerable<string> KeptEvents => _kept.Select(kept => kept.Event.EventName);

    /// <summary>Does what turns asked for, hands over kept events and fires what is due, until everything waits.</summary>
    private void Settle()
    {
        while (true)
            if (_effects.TryDequeue(out var asked))
                Perform(asked.Instance, asked.Request);
            else if (!HandOver() && !FireDue())
                return;
    }

    private bool FireDue()
    {
        if (NextTimer(Now) is not { } due)
            return false;
        Turn(due.Instance, new Stimulus.Resume(due.Bookmark.Number), []);
        return true;
    }

    private void Perform(RehearsedInstance instance, EffectRequest request)
    {
        switch (request.Effect)
        {
            case EventPublished told:
                Tell(told, instance);
                break;
            case RenderDocument wanted:
                Issue(instance, request, wanted);
                break;
            case WorkflowsDispatched asked:
                Dispatch(instance, request, asked);
                break;
            case ChildFinished finished:
                Tell(instance, finished);
                break;
            case ChildrenCancelled:
                CancelChildren(instance);
                break;
            case PickOwner wanted:
                Pick(instance, request, wanted);
                break;
            case TaskRequested:
                // Waits for the caller to complete it.
                break;
            default:
                Noted?.Invoke($"A rehearsal has no outside to do {request.Effect.GetType().Name} in; the instance goes on waiting for its answer.");
                break;
        }
    }

    private void Tell(EventPublished told, RehearsedInstance? sender)
    {
        var heard = Deliver(told, sender);
        if (!(told.Local ? heard : Trigger(told) || heard))
            _kept.Add((told, sender, Now + KeepEventsFor));
    }

    private bool Deliver(EventPublished told, RehearsedInstance? sender)
    {
        var waiting = (from instance in _instances
                       where instance.State.Status == WorkflowStatus.Running && (!told.Local || instance == sender)
                           && (told.CorrelationId is null || told.CorrelationId == instance.State.CorrelationId)
                       from bookmark in instance.State.Bookmarks
                       where bookmark.Name == "Elsa.Event" && bookmark.Stimulus == told.EventName
                       select (instance, bookmark.Number)).ToList();
        var heard = false;
        foreach (var (instance, number) in waiting)
            heard |= Turn(instance, new Stimulus.Resume(number, told.Payload), []) is not null;
        return heard;
    }

    private bool HandOver()
    {
        _kept.RemoveAll(kept => kept.Until <= Now);
        for (var i = 0; i < _kept.Count; i++)
        {
            var (told, sender, _) = _kept[i];
            if (!Deliver(told, sender))
                continue;
            _kept.RemoveAt(i);
            return true;
        }
        return false;
    }

    private void Issue(RehearsedInstance instance, EffectRequest request, RenderDocument wanted)
    {
        if (instance.Facts is not DealFacts facts)
        {
            Noted?.Invoke($"The document '{wanted.Kind}' is of a deal, and this instance has none.");
            return;
        }
        try
        {
            var template = Template(wanted);
            var number = NextNumber(wanted);
            var rendered = template?.Render(DocumentValues.Of(facts, number, Now), wanted.Language, setting.Calendar.Zone) ?? new RenderedDocument("", "");
            Answer(instance, request, null, new DocumentIssued(facts.Deal.Id, Now, new DocumentId(RowIds.Of(instance.Id, request.Number)), wanted.Kind, number, wanted.Template,
                template?.Hash ?? "", wanted.Language, rendered.Html, rendered.Hash));
        }
        catch (TemplateException broken)
        {
            Answer(instance, request, new Dictionary<string, object?> { [DocumentActivity.Error] = $"Template '{wanted.Template}' ({wanted.Language}): {broken.Message}" });
        }
    }

    private void Answer(RehearsedInstance instance, EffectRequest request, object? answer, params IReadOnlyList<Change> changes) =>
        Turn(instance, request.AnswerBookmark is { } bookmark ? new Stimulus.Resume(bookmark, answer) : new Stimulus.None(), changes);

    private DocumentTemplate? Template(RenderDocument wanted)
    {
        if (setting.Template is null)
        {
            Noted?.Invoke($"There is no folder of templates: the document '{wanted.Kind}' is issued without a text.");
            return null;
        }
        var missing = $"There is no file {wanted.Template}.{wanted.Language}.scriban.";
        return DocumentTemplate.Parse(setting.Template(wanted.Template, wanted.Language) ?? throw new TemplateException([new(1, 1, new(missing, missing))]), part => setting.Template(part, wanted.Language));
    }

    private string NextNumber(RenderDocument wanted)
    {
        var year = TimeZoneInfo.ConvertTime(Now, setting.Calendar.Zone).Year;
        var last = _series.GetValueOrDefault((wanted.Kind, year)) + 1;
        _series[(wanted.Kind, year)] = last;
        return DocumentNumber.Of(wanted.Kind, year, last, wanted.Language);
    }
}

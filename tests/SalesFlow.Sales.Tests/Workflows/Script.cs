using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using SalesFlow.Engine;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Rehearsals;
using Json = SalesFlow.Engine.Expressions.Json;

namespace SalesFlow.Sales.Tests.Workflows;

/// <summary>
/// Plays a script and writes down what happened. A script is a title (<c># ...</c>), at most one <c>given {deal}</c>, and steps: <c>when task OUTCOME {form}</c>,
/// <c>when event NAME {payload}</c>, <c>when advance 1.02:30:00</c>, <c>when set {fields}</c>, <c>when move STAGE</c>, <c>when break glass to STAGE because WHY</c>.
/// What is refused is written down too.
/// </summary>
internal sealed class Script
{
    // Monday, nine in the morning in Moscow.
    private static readonly DateTimeOffset Begins = new(2026, 1, 12, 6, 0, 0, TimeSpan.Zero);
    private static readonly Actor Rep = new(new UserId(1), "rep", [Roles.Rep], "en"), Head = new(new UserId(9), "head", [Roles.HeadOfSales], "en");

    private readonly StringBuilder _journal = new();
    private readonly JournalWriter _writer;
    private readonly Rehearsal _rehearsal = Shipped.Rehearsal(Begins);
    private readonly WorkflowDefinition _definition;

    private Script(WorkflowDefinition definition)
    {
        (_definition, _writer) = (definition, new JournalWriter(_journal, Shipped.Calendar));
        _rehearsal.Played += (_, turn) => _writer.Write(turn, _rehearsal.Now);
        _rehearsal.Noted += note => _journal.Append("    ! ").AppendLine(note);
    }

    /// <summary>The journal of a script played with a definition.</summary>
    public static string Play(string script, WorkflowDefinition definition)
    {
        var play = new Script(definition);
        foreach (var line in script.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0))
            play.Step(line);
        play.Begin(null);
        play._writer.WriteEnd(play._rehearsal.Instances[0]);
        return play._journal.ToString().ReplaceLineEndings("\n");
    }

    private void Step(string line)
    {
        if (line.StartsWith("when ", StringComparison.Ordinal))
            Begin(null);
        _journal.AppendLine(line);
        if (line.StartsWith("given ", StringComparison.Ordinal))
            Begin((IReadOnlyDictionary<string, object?>?)Json.Parse(line[6..]));
        else if (line.StartsWith("when ", StringComparison.Ordinal))
            Do(line[5..]);
        else if (!line.StartsWith('#'))
            throw new FormatException($"'{line}' is no line of a script: expected # title, given {{deal}} or when STEP.");
    }

    private void Begin(IReadOnlyDictionary<string, object?>? deal)
    {
        if (_rehearsal.Instances.Count == 0)
            _rehearsal.Start(_definition, deal);
    }

    private void Do(string step)
    {
        try
        {
            var (verb, rest) = Cut(step);
            var (name, json) = Cut(rest);
            var value = json.Length == 0 ? null : json.StartsWith('{') ? Json.Parse(json) : null;
            switch (verb)
            {
                case "task": _rehearsal.CompleteTask(name, value); break;
                case "event": _rehearsal.Publish(name, value); break;
                case "advance": _rehearsal.Advance(TimeSpan.Parse(name, CultureInfo.InvariantCulture)); break;
                case "set": Wake(facts => new(new Stimulus.None(), [new FieldsChanged(facts.Deal.Id, _rehearsal.Now, Rep.Id, ((IReadOnlyDictionary<string, object?>)Json.Parse(rest)!).ToImmutableDictionary())])); break;
                case "move": Wake(facts => Move(facts, name, null, Rep)); break;
                case "break": Wake(facts => Move(facts, rest.Split(' ')[2], rest.Split(" because ")[1], Head)); break;
                default: throw new FormatException($"'{verb}' is no step of a script: expected task, event, advance, set, move or break.");
            }
        }
        catch (Exception refused) when (refused is RefusedException or ValidationException or ForbiddenException)
        {
            _journal.Append("    refused: ").AppendLine(refused.Message);
        }
    }

    private void Wake(Func<DealFacts, MoveDecision> decide)
    {
        var instance = _rehearsal.Instances[0];
        var decision = decide((DealFacts)instance.Facts);
        _rehearsal.Wake(instance, decision.Stimulus, decision.Changes);
    }

    private MoveDecision Move(DealFacts facts, string stage, string? why, Actor actor) => Moves.Decide(_rehearsal.Instances[0].State,
        new MoveMoment(facts, Pipeline.Of(_definition), _rehearsal.Now, actor, ImmutableDictionary<UserId, UserView>.Empty), stage, why, why is not null);

    private static (string Head, string Tail) Cut(string text) => text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var at ? (text[..at], text[(at + 1)..].Trim()) : (text, "");
}

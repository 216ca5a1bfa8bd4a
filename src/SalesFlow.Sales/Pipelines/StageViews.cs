using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SalesFlow.Engine;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales.Pipelines;

/// <summary>How a change of a pipeline is made: against which version, whether it is only looked at, whether running deals follow, whether deals may stay in a stage that is taken out.</summary>
public sealed record ChangeMode(long? ExpectedVersion = null, bool DryRun = false, bool Follow = false, bool DealsStay = false);

/// <summary>A running deal that a version has no place for, and why.</summary>
public sealed record StayingDeal(string Id, string Number, string Title, string? Stage, string Why);

/// <summary>Running deals of a pipeline seen from a version: how many there are, how many have their place in it, and those that have not (the first hundred).</summary>
public sealed record AffectedDeals(int Deals, int Fit, ImmutableArray<StayingDeal> Stay);

/// <summary>What a change came to: the pipeline as it is now (before it, when it was only looked at), what is said otherwise, whom it concerns, how many deals followed.</summary>
public sealed record PipelineChange(PipelineView Pipeline, ImmutableArray<string> Diff, AffectedDeals Affected, int Followed, ImmutableArray<string> Warnings);

/// <summary>A stage as its definition writes it, in the form in which it is changed; <paramref name="Version"/> is that of the definition.</summary>
public sealed record StageForm(string Key, string ActivityId, int Version, Text Name, double Probability, double? LimitHours, ImmutableArray<JsonObject> Rules);

/// <summary>What the rules of a pipeline may name, in the reader's language.</summary>
public sealed record RuleChoices(ImmutableArray<TaskChoice> Tasks, ImmutableArray<string> Documents, ImmutableArray<FieldChoice> Fields);

/// <summary>A task that a rule may name, with its buttons; no buttons when they are computed.</summary>
public sealed record TaskChoice(string Id, string Title, string StageName, ImmutableArray<OutcomeView> Outcomes);

/// <summary>A field that a rule may name.</summary>
public sealed record FieldChoice(string Field, string Label);

/// <summary>A version of a pipeline: who saved it and when, whether it is in force or still a draft, and what it says otherwise than the one before.</summary>
public sealed record PipelineVersionView(int Version, bool Published, bool Draft, string By, DateTimeOffset At, ImmutableArray<string> Diff);

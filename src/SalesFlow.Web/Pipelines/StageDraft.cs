using System.Text.Json.Nodes;
using SalesFlow.Sales.Pipelines;

namespace SalesFlow.Web.Pipelines;

/// <summary>A stage while it is being edited, beside what it was when the page read it: only what differs is sent.</summary>
public sealed class StageDraft
{
    private StageForm _before;

    /// <summary>Begins with the stage as it is.</summary>
    public StageDraft(StageForm stage)
    {
        _before = stage;
        (NameRu, NameEn, Percent, LimitHours) = Values(stage);
        Rules = Drafts(stage);
    }

    /// <summary>Version of the definition that the draft goes by.</summary>
    public int Version => _before.Version;
    /// <summary>Its activity, to find it in the editor.</summary>
    public string ActivityId => _before.ActivityId;
    /// <summary>Name in Russian.</summary>
    public string NameRu { get; set; }
    /// <summary>Name in English.</summary>
    public string NameEn { get; set; }
    /// <summary>Probability of winning, in per cent.</summary>
    public decimal? Percent { get; set; }
    /// <summary>Limit in working hours; null for none.</summary>
    public decimal? LimitHours { get; set; }
    /// <summary>The exit rules.</summary>
    public List<RuleDraft> Rules { get; private set; }

    /// <summary>What differs from the stage as it was read.</summary>
    public StageChange Change()
    {
        var (ru, en, percent, limit) = Values(_before);
        return new()
        {
            NameRu = NameRu == ru ? null : NameRu,
            NameEn = NameEn == en ? null : NameEn,
            Probability = Percent == percent ? null : (double)((Percent ?? -100) / 100),
            Limit = LimitHours == limit ? null : new StageLimit((double?)LimitHours),
            Rules = SaysTheSame(_before) ? null : [.. Rules.Select(rule => rule.ToJson())],
        };
    }

    /// <summary>Goes by a newer version: what was not touched becomes what that version says, what was entered stays.</summary>
    public void Rebase(StageForm stage)
    {
        var (ru, en, percent, limit) = Values(_before);
        var now = Values(stage);
        NameRu = NameRu == ru ? now.Ru : NameRu;
        NameEn = NameEn == en ? now.En : NameEn;
        Percent = Percent == percent ? now.Percent : Percent;
        LimitHours = LimitHours == limit ? now.Limit : LimitHours;
        Rules = SaysTheSame(_before) ? Drafts(stage) : Rules;
        _before = stage;
    }

    private bool SaysTheSame(StageForm stage) => JsonNode.DeepEquals(new JsonArray([.. stage.Rules.Select(rule => rule.DeepClone())]), new JsonArray([.. Rules.Select(rule => rule.ToJson())]));

    private static (string Ru, string En, decimal? Percent, decimal? Limit) Values(StageForm stage) => (stage.Name.Ru, stage.Name.En, (decimal)stage.Probability * 100, (decimal?)stage.LimitHours);

    private static List<RuleDraft> Drafts(StageForm stage) => [.. stage.Rules.Select(rule => new RuleDraft(rule))];
}

using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Time.Testing;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Web.Tests;

/// <summary>Views and words with everything a test does not care about filled in.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Tuesday = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    public static IStringLocalizer<Texts> Texts { get; } =
        new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider().GetRequiredService<IStringLocalizer<Texts>>();

    public static BrowserTime Time(string zone = "Europe/Moscow")
    {
        var time = new BrowserTime(new FakeTimeProvider(Tuesday));
        time.Use(zone);
        return time;
    }

    public static Words Words(string zone = "Europe/Moscow") => new(Texts, Time(zone));

    public static void Language(string language) =>
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language == "ru" ? "ru-RU" : "en-US");

    public static TaskView Task(string id = "1", DateTimeOffset? due = null, bool overdue = false, string? assignee = "anna",
        FormFieldView[]? form = null, params OutcomeView[] outcomes) => new()
        {
            Id = id, DealId = "7", DealNumber = "D-7", DealTitle = "Pumps", ClientName = "Romashka", Title = "Call the client", Description = "Ask about the budget",
            Stage = "qualification", Assignee = assignee, Candidates = ["rep"], CreatedAt = Tuesday, DueAt = due, Overdue = overdue, MayComplete = true,
            Outcomes = [.. outcomes], Form = [.. form ?? []], Status = "open", Version = 1,
        };

    public static DealView Deal(string? stage = "offer", string state = "open") => new()
    {
        Id = "7", Number = "D-7", Title = "Pumps", Pipeline = "b2b", DefinitionVersion = 1, State = state,
        Stage = stage is null ? null : new StageView(stage, stage, Tuesday), Client = new ClientView("3", "Romashka"), Amount = 1000, Currency = "RUB",
        Fields = new Dictionary<string, object?>(), InstanceId = "7", Version = 1, CreatedAt = Tuesday,
    };

    public static PipelineView Pipeline(params (string Key, double? Hours)[] stages) => new("b2b", "B2B", "b2b", 1,
        [.. stages.Select((stage, order) => new PipelineStageView(stage.Key, stage.Key, 0.5, stage.Hours, [], order))], []);

    public static VisitView Visit(string stage, double workingHours, DateTimeOffset? entered = null, DateTimeOffset? left = null, double? limit = 8) =>
        new(stage, stage, entered ?? Tuesday, left, null, left is null ? null : (long)(left - (entered ?? Tuesday)).Value.TotalSeconds, left is null ? null : (long)(workingHours * 3600), null, 1, (long)(workingHours * 3600)) { LimitSeconds = (long?)(limit * 3600) };
}

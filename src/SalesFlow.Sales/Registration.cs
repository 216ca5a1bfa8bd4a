using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Runtime;
using SalesFlow.Sales.Activities;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Assignments;
using SalesFlow.Sales.Board;
using SalesFlow.Sales.Calendars;
using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.FailedSteps;
using SalesFlow.Sales.Mails;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Mentions;
using SalesFlow.Sales.Metrics;
using SalesFlow.Sales.Notifications;
using SalesFlow.Sales.People;
using SalesFlow.Sales.Pipelines;
using SalesFlow.Sales.Requests;
using SalesFlow.Sales.Seeds;
using SalesFlow.Sales.Sets;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Sales;

/// <summary>Where the sales domain finds its files.</summary>
public sealed class SalesOptions
{
    /// <summary>Folder of the shipped definitions, with calendars/ and templates/ below it.</summary>
    public string Workflows { get; set; } = "workflows";
    /// <summary>The calendar of that folder by which working time is measured.</summary>
    public string Calendar { get; set; } = "ru";
    /// <summary>Legal entity that issues the documents; numbers run within it.</summary>
    public string LegalEntity { get; set; } = "SF";
}

/// <summary>Adds the sales domain to a host.</summary>
public static class Registration
{
    /// <summary>Adds commands, queries, activities and effect handlers; with the runtime that runs them; the database is added by the host.</summary>
    public static IServiceCollection AddSales(this IServiceCollection services, SalesOptions options) => services
        .AddSingleton(options).AddSingleton(PublicAddress.None).AddOptions()
        .AddSingleton(_ => WorkingCalendar.Read(File.ReadAllText(Path.Combine(options.Workflows, "calendars", $"{options.Calendar}.json"))))
        .AddWorkflowRuntime(SalesActivities.All)
        .AddSingleton<SalesFactsQueries>().AddSingleton<FactsSource>(provider => provider.GetRequiredService<SalesFactsQueries>()).AddSingleton<ChangeWriter, SalesChangeWriter>()
        .AddSingleton<EffectHandler, RenderDocumentHandler>().AddSingleton<EffectHandler, PickOwnerHandler>().AddSingleton<InstanceGuard, DealGuardQueries>()
        .AddSingleton<DealTurnCommands>().AddSingleton<DealCommands>().AddSingleton<DealQueries>()
        .AddSingleton<BoardQueries>().AddSingleton<SavedViewCommands>().AddSingleton<MentionQueries>().AddSingleton<MentionCommands>().AddSingleton<BulkTaskCommands>().AddSingleton<AbsentTaskCommands>().AddSingleton<TaskCommands>().AddSingleton<TaskQueries>()
        .AddSingleton<DocumentQueries>().AddSingleton<TemplateQueries>().AddSingleton<TemplateCommands>().AddSingleton<DocumentCommands>().AddSingleton<PdfQueries>().AddSingleton<NumberCommands>().AddSingleton<NumberQueries>()
        .AddSingleton<PipelineQueries>().AddSingleton<StageQueries>().AddSingleton<PipelineCommands>().AddSingleton<FollowCommands>().AddSingleton<DefinitionCheck, PublishCheckQueries>()
        .AddSingleton<CalendarQueries>().AddSingleton<HoursQueries>().AddSingleton<HoursCommands>().AddSingleton<ReplanCommands>().AddSingleton<SetQueries>().AddSingleton<SetCommands>().AddSingleton<SeedQueries>().AddSingleton<SeedCommands>()
        .AddSingleton<ApprovalMatrixQueries>().AddSingleton<ApprovalMatrixCommands>().AddSingleton<ApprovalQueries>().AddSingleton<ApprovalDeskQueries>().AddSingleton<ApprovalLinkQueries>().AddSingleton<ApprovalLinkCommands>()
        .AddSingleton<MeetingQueries>().AddSingleton<MeetingCommands>().AddSingleton<ClientMeetingQueries>().AddSingleton<ClientMeetingCommands>().AddSingleton<CalendarFeedCommands>().AddSingleton<MeetingLinkCommands>().AddSingleton<AbsentMeetingCommands>()
        .AddSingleton<MetricsQueries>().AddSingleton<FailedStepQueries>().AddSingleton<FailedStepCommands>()
        .AddSingleton<NotificationFeed>().AddSingleton<NotificationQueries>().AddSingleton<NotificationCommands>()
        .AddSingleton<Digests.DigestQueries>().AddSingleton<Digests.DigestCommands>()
        .AddSingleton<MailFeed>().AddSingleton<MailCommands>().AddSingleton<MailOpeningCommands>().AddSingleton<MailQueries>()
        .AddSingleton<UserQueries>().AddSingleton<ApiKeyCommands>().AddSingleton<PeopleCommands>()
        .AddSingleton<IdempotencyCommands>();
}

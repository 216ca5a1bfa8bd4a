using Cronos;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine.Activities;

/// <summary>A wait for a time. As the trigger that started the workflow it completes at once.</summary>
internal abstract class Clockwork(ActivityDescriptor descriptor) : Activity(descriptor with { Kind = "Trigger", Category = Categories.Scheduling })
{
    public override void Execute(Activation activation)
    {
        if (((Execution)activation).TurnOf.IsFiring(activation.Node))
            activation.Complete();
        else
            Wait(activation);
    }

    public override IEnumerable<Trigger> Triggers(TriggerSource source) => [new Trigger(source.Node.Id, Descriptor.TypeName, DueAt: DueAt(source))];

    /// <summary>Begins to wait in the middle of a workflow.</summary>
    protected abstract void Wait(Activation activation);

    /// <summary>When the trigger is due next; null when never.</summary>
    protected abstract DateTimeOffset? DueAt(TriggerSource source);
}

/// <summary>Starts instances again and again, or waits one interval.</summary>
internal sealed class Timer() : Clockwork(new("Elsa.Timer", new("Timer", "Таймер"), Categories.Scheduling)
{
    Description = new("Starts the workflow at every interval, or waits one interval.", "Запускает процесс через равные промежутки или ждёт один промежуток."),
    Inputs = [new("Interval", "TimeSpan", new("Interval", "Промежуток")) { Default = "00:01:00", Description = new("Time from one firing to the next.", "Время от одного срабатывания до следующего.") }],
})
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    protected override void Wait(Activation activation) => activation.WaitUntil(activation.Now + activation.Input<TimeSpan>("Interval"), Descriptor.TypeName);

    protected override DateTimeOffset? DueAt(TriggerSource source)
    {
        var interval = source.Input<TimeSpan>("Interval");
        if (interval < Shortest)
            throw new FaultException($"The timer's interval is {interval:c}; the shortest is one second. Write it as hours:minutes:seconds, for example 00:05:00.");
        if (source.Fired is not { } fired)
            return source.Now + interval;
        // What was missed while no server ran is made up for once; the rhythm stays.
        var missed = source.Now > fired ? (source.Now - fired).Ticks / interval.Ticks : 0;
        return fired + interval * (missed + 1);
    }
}

/// <summary>Starts instances, or waits, by a cron expression of six fields (seconds first) in the zone of the installation.</summary>
internal sealed class Cron(TimeZoneInfo zone) : Clockwork(new("Elsa.Cron", new("Cron", "Расписание cron"), Categories.Scheduling)
{
    Description = new("Starts the workflow by a schedule, or waits for its next time.", "Запускает процесс по расписанию или ждёт ближайшего срока."),
    Inputs = [new("CronExpression", "String", new("Cron Expression", "Выражение cron")) { Description = new("Six fields: second, minute, hour, day of month, month, day of week.", "Шесть полей: секунда, минута, час, день месяца, месяц, день недели.") }],
})
{
    protected override void Wait(Activation activation)
    {
        var text = activation.Input<string>("CronExpression");
        activation.WaitUntil(Next(text, activation.Now) ?? throw new FaultException($"The cron expression '{text}' has no time after {activation.Now:u}: nothing could ever resume it."), Descriptor.TypeName);
    }

    protected override DateTimeOffset? DueAt(TriggerSource source) => Next(source.Input<string>("CronExpression"), source.Now);

    private DateTimeOffset? Next(string? expression, DateTimeOffset after)
    {
        if (string.IsNullOrWhiteSpace(expression))
            throw new FaultException("Trigger should have a payload: the cron expression is empty.");
        try
        {
            return CronExpression.Parse(expression, CronFormat.IncludeSeconds).GetNextOccurrence(after, zone)?.ToUniversalTime();
        }
        catch (CronFormatException broken)
        {
            throw new FaultException($"Error when parsing cron expression: {broken.Message}", inner: broken);
        }
    }
}

/// <summary>Starts one instance at a time, or waits for it. In the middle of a workflow a past time completes at once.</summary>
internal sealed class StartAt() : Clockwork(new("Elsa.StartAt", new("Start at", "Начать в"), Categories.Scheduling)
{
    Description = new("Starts the workflow once at a time, or waits for that time.", "Запускает процесс один раз в указанное время или ждёт этого времени."),
    Inputs = [new("DateTime", "DateTimeOffset", new("Date Time", "Дата и время")) { Description = new("For example 2027-01-31T09:00:00+03:00.", "Например, 2027-01-31T09:00:00+03:00.") }],
})
{
    protected override void Wait(Activation activation)
    {
        var at = activation.Input<DateTimeOffset?>("DateTime") ?? throw new FaultException("StartAt has no time: nothing could ever resume it.");
        if (at <= activation.Now)
            activation.Complete();
        else
            activation.WaitUntil(at.ToUniversalTime(), Descriptor.TypeName);
    }

    // A time that is past when the definition is published never fires: publishing again must not start it again.
    protected override DateTimeOffset? DueAt(TriggerSource source)
    {
        var at = source.Input<DateTimeOffset?>("DateTime") ?? throw new FaultException("Trigger should have a payload: StartAt has no time.");
        return source.Fired is null && at > source.Now ? at.ToUniversalTime() : null;
    }
}

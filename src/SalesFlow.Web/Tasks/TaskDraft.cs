using SalesFlow.Sales.Tasks;

namespace SalesFlow.Web.Tasks;

/// <summary>What a person has filled in for a task and not yet sent. It outlives every refresh of the page.</summary>
public sealed class TaskDraft
{
    /// <summary>Begins with what the deal already holds.</summary>
    public TaskDraft(TaskView task)
    {
        Task = task;
        foreach (var field in task.Form)
            if (FieldValue.For(field.Type, task.Values.GetValueOrDefault(field.Field)) is { } known)
                Answers[field.Field] = known;
    }

    /// <summary>The task as it was when the draft began.</summary>
    public TaskView Task { get; }
    /// <summary>Answers by field; dates as yyyy-MM-dd.</summary>
    public Dictionary<string, object?> Answers { get; } = [];
    /// <summary>The button that has been pressed and asks for more.</summary>
    public string? Chosen { get; set; }
    /// <summary>What is to be said with it.</summary>
    public string? Comment { get; set; }
    /// <summary>True once the person has filled in anything.</summary>
    public bool Touched { get; set; }
    /// <summary>True once it was sent or given up: there is nothing left to lose.</summary>
    public bool Settled { get; set; }
}

/// <summary>The drafts of a page, one for each task.</summary>
public sealed class TaskDrafts
{
    private readonly Dictionary<string, TaskDraft> _drafts = [];

    /// <summary>The draft of a task. One that nobody has touched begins anew, with what the deal holds by now.</summary>
    public TaskDraft Of(TaskView task) => _drafts.TryGetValue(task.Id, out var draft) && (draft.Touched || draft.Settled || draft.Task == task) ? draft : _drafts[task.Id] = new(task);

    /// <summary>True when there is something to lose.</summary>
    public bool Holds(string task) => _drafts.TryGetValue(task, out var draft) && draft is { Touched: true, Settled: false };
}

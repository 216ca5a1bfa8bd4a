using SalesFlow.Engine;
using SalesFlow.Runtime;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.FailedSteps;

/// <summary>Has steps tried again that were given up.</summary>
public sealed class FailedStepCommands(WorkflowRuntime runtime)
{
    /// <summary>Tries one again from its first attempt on. Throws <see cref="NotFoundException"/> when there is no such one, or it has been tried again already.</summary>
    public async Task RetryAsync(string id, Actor actor, CancellationToken cancel)
    {
        Demand(actor);
        if (Cursor.ReadId(id) is not var (instance, number) || !await runtime.ReplayAsync(new InstanceId(instance), number, cancel, actor.Id.Value))
            throw new NotFoundException(new Text($"There is no failed step '{id}'; it may have been tried again already.", $"Сбойного шага «{id}» нет; возможно, его уже повторили.").In(actor.Language));
    }

    internal static void Demand(Actor actor)
    {
        if (!actor.Is(Roles.Administrator))
            throw new ForbiddenException(new Text("Only an administrator sees failed steps and tries them again.", "Сбойные шаги видит и повторяет только администратор.").In(actor.Language));
    }
}

using SalesFlow.Engine.Activities;
using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Flow;

namespace SalesFlow.Engine.Checks;

/// <summary>What can be seen of one flowchart without running it.</summary>
internal sealed class FlowChecks(FlowGraph graph)
{
    /// <summary>Types that end in the turn in which they begin: a loop of nothing else never rests.</summary>
    private static readonly HashSet<string> Instant =
    [
        "Elsa.WriteLine", "Elsa.SetVariable", "Elsa.SetName", "Elsa.Correlate", "Elsa.SetOutput", "Elsa.PublishEvent", "Elsa.RunJavaScript", "Elsa.Start",
        "Elsa.FlowDecision", "Elsa.FlowSwitch", "Elsa.FlowFork",
    ];
    private readonly bool[] _reached = graph.Start < 0 ? [] : From(graph, [graph.Start, .. Enumerable.Range(0, graph.Activities.Count).Where(i => graph.Activities[i].CanStart)]);

    public IEnumerable<Finding> Find() => graph.Start < 0 ? [] : [.. Unreachable(), .. Connections(), .. Chosen(), .. Endless(), .. Stalled()];

    private IEnumerable<Finding> Unreachable() =>
        from i in Enumerable.Range(0, graph.Activities.Count)
        where !_reached[i]
        select Finding.Warning("unreachable", graph.Activities[i], "", new("Nothing leads here: it never runs.", "Сюда ничего не ведёт: действие никогда не выполнится."));

    private IEnumerable<Finding> Connections()
    {
        foreach (var connection in graph.Connections)
        {
            var (source, target) = (graph.Activities[connection.Source], graph.Activities[connection.Target]);
            if (!connection.IsForward && !connection.IsValidLoop && IsInside(connection.Source, graph.Start))
                yield return Finding.Error("brokenLoop", source, "", new(
                    $"The way back from '{source.Title}' to '{target.Title}' faults: it may only lead to an activity that every path to '{source.Title}' goes through.",
                    $"Возврат от «{source.Title}» к «{target.Title}» даст ошибку: вернуться можно только к действию, через которое проходит каждый путь к «{source.Title}»."));
            if (Ports.Of(source) is { } ports && !ports.Contains(connection.Port))
                yield return Finding.Warning("unknownOutcome", source, "", new(
                    $"A connection leaves by '{connection.Port}', but the outcomes are {string.Join(", ", ports)}: it is never followed.",
                    $"Связь выходит из «{connection.Port}», а исходы здесь: {string.Join(", ", ports)}. По ней никогда не пойдут."));
        }
    }

    private IEnumerable<Finding> Chosen() =>
        from i in Enumerable.Range(0, graph.Activities.Count)
        let node = graph.Activities[i]
        where Ports.AreChosen(node)
        let loose = Loose(i)
        where loose.Count > 1 && node.Activity is not RunJavaScript
        select Finding.Warning("looseOutcomes", node, "", new(
            $"The outcomes {string.Join(", ", loose)} lead nowhere: whichever is chosen, the flow ends here in the same way. Connect them.",
            $"Исходы {string.Join(", ", loose)} никуда не ведут: какой ни выбери, схема закончится одинаково. Соедините их."));

    /// <summary>The activities that end at once and whose every outcome leads to another such: whoever gets there never rests and never ends.</summary>
    private IEnumerable<Finding> Endless()
    {
        var caught = Enumerable.Range(0, graph.Activities.Count).Where(i => Instant.Contains(graph.Activities[i].Type) && graph.Outbound[i].Length > 0 && Loose(i).Count == 0).ToHashSet();
        while (caught.Where(i => !Array.TrueForAll(graph.Outbound[i], connection => caught.Contains(connection.Target))).ToList() is { Count: > 0 } free)
            caught.ExceptWith(free);
        return from i in caught.Where(i => _reached[i]).OrderBy(i => graph.Connections.Any(connection => !connection.IsForward && connection.Target == i) ? 0 : 1).ThenBy(i => i).Take(1)
               let node = graph.Activities[i]
               select Finding.Error("endlessLoop", node, "", new(
                   $"From '{node.Title}' on, the flow goes round without a way out, and nothing in it waits: it runs until the limit of a turn.",
                   $"После «{node.Title}» схема ходит по кругу без выхода, и ничто в ней не ждёт: она упрётся в предел шагов."));
    }

    /// <summary>A merge behind a loop waits for a branch that came from before the loop and does not come again.</summary>
    private IEnumerable<Finding> Stalled()
    {
        foreach (var loop in graph.Connections.Where(connection => !connection.IsForward && connection.IsValidLoop).DistinctBy(connection => connection.Target))
            for (var i = 0; i < graph.Activities.Count; i++)
            {
                var inbound = graph.ForwardInbound[i];
                if (i == loop.Target || inbound.Length < 2 || !graph.Reaches(loop.Target, i) || TakesAny(graph.Activities[i]))
                    continue;
                if (inbound.Any(connection => !IsInside(connection.Source, loop.Target)) && inbound.Any(connection => IsInside(connection.Source, loop.Target)))
                    yield return Finding.Warning("stalledMerge", graph.Activities[i], "", new(
                        $"Once the flow has gone back to '{graph.Activities[loop.Target].Title}', this waits for ever: some of what leads here lies before that loop and does not come again. Give each way an activity of its own, or a join that waits for any.",
                        $"После возврата к «{graph.Activities[loop.Target].Title}» здесь будут ждать вечно: часть путей сюда идёт из-за пределов цикла и больше не пройдёт. Дайте каждому пути своё действие или слияние, которому хватит любой ветви."));
            }
    }

    private bool IsInside(int activity, int begin) => activity == begin || graph.Reaches(begin, activity);

    private static bool TakesAny(Node node) => node.Activity is FlowJoin && (Ports.Texts(node.Inputs.GetValueOrDefault("Mode")) is not { Count: > 0 } mode || mode[0] == FlowJoin.WaitAny);

    /// <summary>Outcomes that no connection leaves by; one that nobody can name counts as such.</summary>
    private List<string> Loose(int activity) => Ports.Of(graph.Activities[activity]) is { } ports
        ? [.. ports.Where(port => Array.TrueForAll(graph.Outbound[activity], connection => connection.Port != port))] : ["?"];

    private static bool[] From(FlowGraph graph, IEnumerable<int> starts)
    {
        var reached = new bool[graph.Activities.Count];
        var stack = new Stack<int>(starts);
        while (stack.TryPop(out var at))
            if (!reached[at])
            {
                reached[at] = true;
                foreach (var connection in graph.Outbound[at])
                    stack.Push(connection.Target);
            }
        return reached;
    }
}
